import { expect, test } from 'vitest'
import {
  isContentName,
  isCorpusName,
  isFileListName,
  isOpenEndedName,
  isStoredName,
} from '../../../../lint/analysis/knowledge/collectionNames.ts'

test.each([
  ['documents', true, true, true],
  ['sourceDocuments', true, true, true],
  ['documentsToEmbed', true, true, true],
  ['linksWithContext', true, false, true],
  ['nodesForEmbedding', true, true, true],
  ['invitationsForUser', false, false, false],
  ['documentsOfOwner', false, false, false],
  ['documentsForUsers', true, true, true],
  ['urls', true, false, true],
  ['userIds', true, false, false],
  ['filesToUpload', true, false, false],
  ['docstore', false, false, false],
  ['pageURLs', true, false, true],
  ['user_ids', true, false, false],
  ['fileNames', true, false, false],
  ['grids', false, false, false],
  ['things', false, false, false],
])('%s', (name, isOpenEnded, isCorpus, isContent) => {
  expect([isOpenEndedName(name), isCorpusName(name), isContentName(name)]).toEqual([isOpenEnded, isCorpus, isContent])
})

test.each([
  ['changedPaths', true],
  ['filesToCheck', true],
  ['fileNames', true],
  ['profiles', false],
  ['ids', false],
])('%s are files: %s', (name, expected) => {
  expect(isFileListName(name)).toBe(expected)
})

test.each([
  ['objectKeys', true],
  ['filePaths', true],
  ['ids', false],
  ['monkeys', false],
])('%s lie in a store: %s', (name, expected) => {
  expect(isStoredName(name)).toBe(expected)
})
