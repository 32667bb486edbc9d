import { CONTENT_NAMES, CORPUS_NAMES, OPEN_ENDED_NAMES } from './knowledge.ts'

/** What says something about the items, and not what they are: `ToEmbed` in `documentsToEmbed`, `WithContext` in `linksWithContext`. */
const ADDITION = /(?<=[a-z\d])(?:With|To|For|From|By|In|Of|Without)[A-Z]\w*$/u

/** Whether a collection's name says that the outside world decides how many items it has. */
export function isOpenEndedName(name: string): boolean {
  return OPEN_ENDED_NAMES.test(plain(name))
}

/** Whether a collection's name says that it holds the pieces of a corpus. */
export function isCorpusName(name: string): boolean {
  return CORPUS_NAMES.test(plain(name))
}

/** Whether a collection's name says that it holds content, which nobody has chosen piece by piece. */
export function isContentName(name: string): boolean {
  return CONTENT_NAMES.test(plain(name))
}

function plain(name: string): string {
  return name.replace(ADDITION, '')
}
