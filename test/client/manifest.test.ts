import fs from 'node:fs'
import path from 'node:path'
import { LEVELS, rules } from '@forkline/lint'
import { expect, test } from 'vitest'
import { COMMANDS, TIMELINE_COMMANDS } from '../../client/commandIds.ts'
import { LANGUAGES } from '../../client/languages.ts'
import { commandOf } from '../../viewer/app/commands.ts'
import { DEFAULT_SETTINGS, RULE_SEVERITIES, RUN_MODES } from '../../server/settings.ts'

interface Setting {
  readonly default: unknown
  readonly enum?: readonly string[]
  readonly scope: string
  readonly order: number
  readonly properties?: Record<string, { readonly enum: readonly string[]; readonly markdownDescription: string }>
}

interface Step {
  readonly id: string
  readonly description: string
  readonly media: { readonly markdown: string }
}

interface Manifest {
  readonly icon: string
  readonly main: string
  readonly keywords: readonly string[]
  readonly activationEvents: readonly string[]
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly category: string }[]
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when: string }[]>>
    readonly keybindings: readonly { readonly command: string; readonly key: string; readonly when: string }[]
    readonly configuration: { readonly properties: Record<string, Setting> }
    readonly walkthroughs: readonly { readonly steps: readonly Step[] }[]
  }
}

const root = path.join(import.meta.dirname, '../..')
const read = (name: string) => fs.readFileSync(path.join(root, name), 'utf8')
const text = read('package.json')
const manifest = JSON.parse(text) as Manifest
const strings = JSON.parse(read('package.nls.json')) as Record<string, string>
const settings = manifest.contributes.configuration.properties

const registered: readonly string[] = [...Object.values(COMMANDS), ...TIMELINE_COMMANDS.map(({ id }) => id)].sort()

test('the commands are those that the client registers', () => {
  expect(manifest.contributes.commands.map(({ command }) => command).sort()).toEqual(registered)
  expect(new Set(manifest.contributes.commands.map(({ category }) => category))).toEqual(new Set(['Forkline']))
  for (const { command } of Object.values(manifest.contributes.menus).flat()) expect(registered).toContain(command)
})

test('what a timeline does can be asked for only where one is in front', () => {
  const { menus, keybindings } = manifest.contributes
  const inFront = expect.stringContaining("activeCustomEditorId == 'forkline.timeline'") as string
  for (const { id } of TIMELINE_COMMANDS) {
    expect(menus['commandPalette']?.find(({ command }) => command === id)?.when, id).toEqual(inFront)
  }
  for (const { command, when } of keybindings) expect(when, command).toEqual(inFront)
})

test('no key of a timeline writes a character, which would be lost where the reader writes', () => {
  for (const { key, command } of manifest.contributes.keybindings) {
    expect(registered).toContain(command)
    expect(key).toMatch(/^((shift\+)?f\d+|ctrl\+.|shift\+alt\+.)$/u)
    // To focus the filter twice does no harm.
    if (command === 'forkline.timeline.filter') continue
    expect(commandOf(eventOf(key)), `${key} is a key of the page too, and would be taken twice`).toBeUndefined()
  }
})

/** What the page is told of a key that VS Code has bound. */
function eventOf(key: string): Parameters<typeof commandOf>[0] {
  const [sign = '', ...modifiers] = key.split('+').reverse()
  return {
    key: sign.length > 1 ? sign.toUpperCase() : sign,
    code: /^[a-z]$/u.test(sign) ? `Key${sign.toUpperCase()}` : sign,
    ctrlKey: modifiers.includes('ctrl'),
    metaKey: false,
    shiftKey: modifiers.includes('shift'),
    altKey: modifiers.includes('alt'),
  }
}

test('the settings and their defaults are those that the server reads', () => {
  const { 'forkline.trace.server': trace, ...read } = settings
  expect(trace?.default).toBe('off')
  const defaults = Object.fromEntries(Object.entries(read).map(([key, setting]) => [key, setting.default]))
  expect(defaults).toEqual(
    Object.fromEntries(Object.entries(DEFAULT_SETTINGS).map(([key, value]) => [`forkline.${key}`, value as unknown])),
  )
  expect(settings['forkline.level']?.enum).toEqual(LEVELS)
  expect(settings['forkline.run']?.enum).toEqual(RUN_MODES)
  for (const [key, { scope }] of Object.entries(read)) expect(scope, key).toBe('resource')
})

test('the settings are in an order of their own', () => {
  const orders = Object.values(settings).map(({ order }) => order)
  expect(orders).toEqual(orders.map((_, index) => index + 1))
})

test('every rule can be set, and is described as the rule itself does', () => {
  expect(settings['forkline.rules']?.properties).toEqual(
    Object.fromEntries(
      rules.map(({ id, meta }) => [
        id,
        {
          enum: RULE_SEVERITIES,
          default: meta.optIn === true ? 'off' : 'default',
          markdownDescription: meta.description,
        },
      ]),
    ),
  )
})

test('the client starts for the languages that it serves, for what is debugged, and for links', () => {
  const debugged = ['node', 'pwa-node', 'node-terminal'].map((type) => `onDebugResolve:${type}`)
  expect(manifest.activationEvents).toEqual([
    ...LANGUAGES.map((language) => `onLanguage:${language}`),
    ...debugged,
    'onUri',
  ])
})

test('every text is in package.nls.json, and nothing else is', () => {
  const used = [...text.matchAll(/"%(?<key>[\w.]+)%"/gu)].map((match) => match.groups?.['key']).sort()
  expect(used).toEqual(Object.keys(strings).sort())
})

test('the walkthrough has five steps at most, with files and commands that exist', () => {
  const builtIn = ['workbench.actions.view.problems', 'workbench.action.openSettings']
  for (const { steps } of manifest.contributes.walkthroughs) {
    expect(steps.length).toBeLessThanOrEqual(5)
    for (const { id, description, media } of steps) {
      expect(fs.existsSync(path.join(root, media.markdown)), id).toBe(true)
      const links = strings[description.slice(1, -1)]?.matchAll(/command:(?<command>[\w.]+)/gu) ?? []
      const commands = [...links].map((match) => match.groups?.['command'] ?? '')
      expect(commands.length, id).toBeGreaterThan(0)
      for (const command of commands) expect([...(Object.values(COMMANDS) as string[]), ...builtIn]).toContain(command)
    }
  }
})

test('the icon is a PNG of 256 pixels, and the keywords are five at most', () => {
  const png = fs.readFileSync(path.join(root, manifest.icon))
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([256, 256])
  expect(manifest.keywords.length).toBeLessThanOrEqual(5)
})
