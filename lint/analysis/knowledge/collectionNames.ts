import {
  ANSWERED_NAMES,
  CONTENT_NAMES,
  CORPUS_NAMES,
  FILE_LIST_NAMES,
  HOSTED_NAMES,
  OPEN_ENDED_NAMES,
  PERSON_NAMES,
  STORED_NAMES,
} from './names.ts'

/**
 * What says something about the items, and not what they are: `ToEmbed` in `documentsToEmbed`, `WithContext` in
 * `linksWithContext`, `Found` in `urlsFound`. `ForUser` in `invitationsForUser` says how many there are as well: what one person has of them.
 */
const ADDITION = new RegExp(
  String.raw`(?<=[a-z\d])(?:With|To|From|By|In|Without|(?:For|Of)(?!(?:${PERSON_NAMES})(?:[A-Z]|$)))[A-Z]\w*$|(?<=s)(?:Found|Left|Missing|[A-Z][a-z]+ed)(?=$|(?:By|In|From)[A-Z]\w*$)(?:(?:By|In|From)[A-Z]\w*)?`,
  'u',
)

/** Whether a collection's name says that the outside world decides how many items it has. */
export function isOpenEndedName(name: string): boolean {
  return endsWith(OPEN_ENDED_NAMES, name)
}

/** Whether a collection's name says that it holds the pieces of a corpus. */
export function isCorpusName(name: string): boolean {
  return endsWith(CORPUS_NAMES, name)
}

/** Whether a collection's name says that it holds content, which nobody has chosen piece by piece. */
export function isContentName(name: string): boolean {
  return endsWith(CONTENT_NAMES, name)
}

/** Whether a collection's name says that it holds files, of which a tree has as many as it has. */
export function isFileListName(name: string): boolean {
  return endsWith(FILE_LIST_NAMES, name)
}

/** Whether a collection's name says that it tells what to take from a store or a folder. */
export function isStoredName(name: string): boolean {
  return endsWith(STORED_NAMES, name)
}

/** Whether a collection's name says that it may hold all that a service has. */
export function isAnsweredName(name: string): boolean {
  return endsWith(ANSWERED_NAMES, name) || isOpenEndedName(name)
}

/** Whether a collection's name says that it holds what lies on a code host. */
export function isHostedName(name: string): boolean {
  return endsWith(HOSTED_NAMES, name)
}

/** What kind of list it is: `urlList` holds URLs. */
const LIST_KIND = /(?<=[a-rt-z\d])(?:List|Array|Set)$/u

/**
 * Whether the last word of a name is one of these, or the last two are: `ids` in `userIds`, and not in `grids`. A list of one thing
 * is as good as its plural: `urlList`.
 */
function endsWith(words: RegExp, name: string): boolean {
  const parts = name
    .replace(ADDITION, '')
    .replace(LIST_KIND, 's')
    .split(/(?<=[a-z\d])(?=[A-Z])|[^A-Za-z\d]+/u)
    .filter((part) => part !== '')
  return words.test(parts.at(-1) ?? '') || words.test(parts.slice(-2).join(''))
}
