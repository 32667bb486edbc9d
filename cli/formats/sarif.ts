import { pathToFileURL } from 'node:url'
import { REPOSITORY_URL, presetsOf, type Rule, ruleUrl } from '@forkline/lint'
import { bareId, qualifiedId } from '../ruleSettings.ts'
import type { FileReport, Message, MessageFix, RelatedPlace } from '../results.ts'
import { VERSION } from '../version.ts'
import { fingerprinter } from './fingerprint.ts'
import type { FormatContext } from './format.ts'
import { relativePath } from './relativePath.ts'

const BASE = '%SRCROOT%'

/** SARIF 2.1.0, as code scanning services take it. Suppressed findings are in it and marked as such. */
export function sarif(reports: readonly FileReport[], { cwd, rules, crashes }: FormatContext): string {
  const indexes = new Map(rules.map((rule, index) => [rule.id, index]))
  const all = reports.flatMap((report) => ({ report, messages: [...report.messages, ...report.suppressedMessages] }))
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Forkline',
            version: VERSION,
            semanticVersion: VERSION,
            informationUri: REPOSITORY_URL,
            rules: rules.map(descriptor),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { [BASE]: { uri: folderUrl(cwd) } },
        invocations: [
          {
            executionSuccessful: crashes.length === 0,
            workingDirectory: { uri: folderUrl(cwd) },
            toolExecutionNotifications: [
              ...crashes.map((text) => ({ level: 'error', message: { text } })),
              ...all.flatMap(({ report, messages }) =>
                messages.filter(isNotification).map((message) => notification(message, report.filePath, cwd)),
              ),
            ],
          },
        ],
        results: all.flatMap(({ report, messages }) => {
          const fingerprint = fingerprinter(report.output ?? report.source ?? '')
          return messages
            .filter((message) => !isNotification(message))
            .map((message) => result(message, report, { cwd, indexes, fingerprint }))
        }),
      },
    ],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

/** Messages of no rule tell about the run rather than about the code. */
function isNotification(message: Message): boolean {
  return message.ruleId === null
}

function descriptor(rule: Rule): object {
  const { family, level, description } = rule.meta
  return {
    id: qualifiedId(rule.id),
    name: rule.id,
    shortDescription: { text: `${description}.` },
    helpUri: ruleUrl(rule.id),
    help: { text: `See ${ruleUrl(rule.id)}` },
    defaultConfiguration: { level: level === 'certain' ? 'error' : 'warning' },
    properties: { family, level, presets: presetsOf(rule), tags: ['concurrency', family] },
  }
}

interface ResultContext {
  readonly cwd: string
  readonly indexes: ReadonlyMap<string, number>
  readonly fingerprint: (message: Message) => string
}

function result(message: Message, { filePath }: FileReport, context: ResultContext): object {
  const { cwd, indexes, fingerprint } = context
  const ruleIndex = indexes.get(bareId(message.ruleId ?? ''))
  const fixes = [...(message.fix ? [{ desc: undefined, fix: message.fix }] : []), ...(message.suggestions ?? [])]
  const related = message.related ?? []
  return {
    ruleId: message.ruleId,
    ...(ruleIndex !== undefined && { ruleIndex }),
    level: levelOf(message),
    message: { text: message.message },
    locations: [location(filePath, message, cwd)],
    ...(related.length > 0 && {
      relatedLocations: related.map((place, id) => ({
        id,
        ...location(place.filePath, place, cwd),
        message: { text: place.message },
      })),
    }),
    partialFingerprints: { primaryLocationLineHash: fingerprint(message) },
    ...(fixes.length > 0 && { fixes: fixes.map(({ desc, fix }) => toFix(fix, desc, filePath, cwd)) }),
    ...(message.suppressions && {
      suppressions: message.suppressions.map(({ kind, justification }) => ({
        kind: kind === 'directive' ? 'inSource' : 'external',
        status: 'accepted',
        ...(justification !== '' && { justification }),
      })),
    }),
    properties: { family: message.family, level: message.level },
  }
}

function notification(message: Message, filePath: string, cwd: string): object {
  return {
    level: levelOf(message),
    message: { text: message.message },
    locations: [location(filePath, message, cwd)],
  }
}

function levelOf(message: Message): 'error' | 'warning' {
  return message.severity === 2 ? 'error' : 'warning'
}

function location(filePath: string, place: Message | RelatedPlace, cwd: string): object {
  const { line, column } = place
  const end = 'endLine' in place && { endLine: place.endLine, endColumn: place.endColumn }
  return {
    physicalLocation: {
      artifactLocation: artifact(filePath, cwd),
      region: { startLine: line, startColumn: column, ...end },
    },
  }
}

function toFix(fix: MessageFix, desc: string | undefined, filePath: string, cwd: string): object {
  const {
    range: [start, end],
    text,
  } = fix
  return {
    ...(desc !== undefined && { description: { text: desc } }),
    artifactChanges: [
      {
        artifactLocation: artifact(filePath, cwd),
        replacements: [{ deletedRegion: { charOffset: start, charLength: end - start }, insertedContent: { text } }],
      },
    ],
  }
}

/** Relative to the working folder where the file lies in it, absolute elsewhere. */
function artifact(filePath: string, cwd: string): object {
  const relative = relativePath(filePath, cwd)
  if (relative === undefined) return { uri: pathToFileURL(filePath).href }
  return { uri: relative.split('/').map(encodeURIComponent).join('/'), uriBaseId: BASE }
}

function folderUrl(folder: string): string {
  const { href } = pathToFileURL(folder)
  return href.endsWith('/') ? href : `${href}/`
}
