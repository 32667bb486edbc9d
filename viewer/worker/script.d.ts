/** The worker, bundled, as text: the build puts it there. */
declare module 'forkline:worker' {
  const script: string
  export default script
}
