import { expect, it } from 'vitest'
import { rules } from './rules.ts'
import { Sandbox } from './sandbox.ts'

it('lists rules as json', async () => {
  const { exitCode, stdout } = await new Sandbox({}).run(['rules', '--format', 'json'])
  expect(exitCode).toBe(0)
  const listings = JSON.parse(stdout) as Readonly<Record<string, unknown>>[]
  expect(listings.map(({ id }) => id)).toEqual(rules.map(({ id }) => id))
  expect(listings[0]).toEqual({
    id: 'no-certain',
    family: 'race',
    level: 'certain',
    description: 'Disallow names that no-certain knows',
    fixable: true,
    hasSuggestions: true,
    url: 'https://github.com/forkline/forkline/blob/main/docs/rules/no-certain.md',
    presets: ['recommended', 'strict'],
  })
  expect(listings.find(({ id }) => id === 'no-possible')).toMatchObject({ presets: ['strict'] })
})

it('lists rules as a table', async () => {
  const { stdout } = await new Sandbox({}).run(['rules'])
  expect(stdout.split('\n').slice(0, 2)).toEqual([
    'RULE         FAMILY  LEVEL     MENDS  DESCRIPTION',
    'no-certain   race    certain   fix    Disallow names that no-certain knows',
  ])
})

it('refuses another format', async () => {
  expect((await new Sandbox({}).run(['rules', '--format', 'xml'])).exitCode).toBe(2)
})
