import { expect } from 'vitest'

interface ArtifactLocation {
  readonly uri: string
  readonly uriBaseId?: string
}

interface Location {
  readonly physicalLocation: {
    readonly artifactLocation: ArtifactLocation
    readonly region: Readonly<Record<string, number>>
  }
}

export interface SarifResult {
  readonly ruleId: string
  readonly ruleIndex: number
  readonly level: string
  readonly message: { readonly text: string }
  readonly locations: readonly Location[]
  readonly relatedLocations?: readonly (Location & { readonly id: number })[]
  readonly partialFingerprints: Readonly<Record<string, string>>
  readonly suppressions?: readonly object[]
  readonly fixes?: readonly object[]
}

export interface SarifLog {
  readonly version: string
  readonly runs: readonly {
    readonly tool: {
      readonly driver: {
        readonly name: string
        readonly rules: readonly { readonly id: string; readonly helpUri: string }[]
      }
    }
    readonly columnKind: string
    readonly originalUriBaseIds: Readonly<Record<string, { readonly uri: string }>>
    readonly invocations: readonly { readonly executionSuccessful: boolean }[]
    readonly results: readonly SarifResult[]
  }[]
}

/** Parses a log and checks what SARIF 2.1.0 demands of the parts that we write. */
export function checkSarif(text: string): SarifLog {
  const log = JSON.parse(text) as SarifLog
  expect(log.version).toBe('2.1.0')
  expect(log.runs).toHaveLength(1)
  for (const { tool, columnKind, originalUriBaseIds, invocations, results } of log.runs) {
    expect(tool.driver.name).not.toBe('')
    expect(new Set(tool.driver.rules.map(({ id }) => id)).size).toBe(tool.driver.rules.length)
    expect(columnKind).toBe('utf16CodeUnits')
    for (const { uri } of Object.values(originalUriBaseIds)) expect(uri).toMatch(/^file:\/\/.*\/$/u)
    expect(invocations.every(({ executionSuccessful }) => typeof executionSuccessful === 'boolean')).toBe(true)
    for (const result of results) {
      expect(tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId)
      expect(['none', 'note', 'warning', 'error']).toContain(result.level)
      expect(result.message.text).not.toBe('')
      expect(result.locations).toHaveLength(1)
      expect(Object.keys(result.partialFingerprints)).not.toEqual([])
      const locations = [...result.locations, ...(result.relatedLocations ?? [])]
      for (const location of locations) checkLocation(location, originalUriBaseIds)
    }
  }
  return log
}

function checkLocation({ physicalLocation: { artifactLocation, region } }: Location, bases: object): void {
  const { uri, uriBaseId } = artifactLocation
  // A relative address must not begin with a slash, and an absolute one must not name a base.
  if (uriBaseId === undefined) expect(uri).toMatch(/^file:\/\/\//u)
  else expect(Object.keys(bases)).toContain(uriBaseId)
  if (uriBaseId !== undefined) expect(uri).not.toMatch(/^(\/|\w+:|.*\s)/u)
  for (const position of Object.values(region)) expect(position).toBeGreaterThanOrEqual(1)
}
