/** What VS Code knows the editor of recordings by. */
export const TIMELINE = 'forkline.timeline'
