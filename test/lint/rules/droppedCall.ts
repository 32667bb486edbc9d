/** Both suggestions for the call at the end of `before`; where no type is known, only the first is offered. */
export function mended(
  before: string,
  call: string,
  after: string,
): { code: string; suggestions: { title: string; output: string }[] } {
  return {
    code: `${before}${call}${after}`,
    suggestions: [
      { title: 'Wait for it', output: `${before}await ${call}${after}` },
      { title: 'Let it run, and handle its failure', output: `${before}void ${call}.catch(console.error)${after}` },
    ],
  }
}
