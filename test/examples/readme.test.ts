import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Writable } from 'node:stream'
import { rules } from '@forkline/lint'
import { globSync } from 'tinyglobby'
import { describe, expect, it } from 'vitest'
import { run } from '../../cli/run.ts'

const root = resolve(import.meta.dirname, '../..')
const readme = readFileSync(resolve(root, 'README.md'), 'utf8')
const sample = resolve(root, 'examples/news-pipeline')

class Collected extends Writable {
  text = ''

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.text += chunk.toString()
    done()
  }
}

async function forkline(...args: readonly string[]): Promise<string> {
  const stdout = new Collected()
  const stderr = new Collected()
  await run(args, { cwd: sample, env: { NO_COLOR: '1' }, stdout, stderr, rules })
  expect(stderr.text).toBe('')
  return stdout.text
}

function capture(pattern: RegExp): string {
  const [, found] = pattern.exec(readme) ?? []
  if (found === undefined) throw new Error(`Expected README.md to hold ${String(pattern)}`)
  return found
}

describe('README.md', () => {
  it('shows first what the rule says of the code above it', async () => {
    const code = capture(/^```ts\n(export async function notifySubscribers[^]*?)^```$/mu)
    expect(readFileSync(resolve(sample, 'src/pipeline/publish.ts'), 'utf8')).toContain(code)
    const message = capture(/^> (`forEach`[^]*?)\n> <sub>/mu)
      .replaceAll('\n> ', ' ')
      .replace(/\.$/u, '')
    expect(await forkline('lint', 'src/pipeline/publish.ts')).toContain(message)
  })

  it('shows what the command line prints', async () => {
    const [command = '', ...output] = capture(/^```\n\$ forkline (lint [^]*?)^```$/mu).split('\n')
    const printed = await forkline(...command.split(' '))
    expect(printed.replaceAll(sample, '/home/you/forkline/examples/news-pipeline').trim()).toBe(
      output.join('\n').trim(),
    )
  })

  it('names options that the command line has', async () => {
    const help = await forkline('lint', '--help')
    const section = capture(/^## In the terminal$([^]*?)^## /mu)
    for (const [option] of section.matchAll(/(?<=`)--[a-z-]+/gu)) expect(help).toContain(option)
  })

  it('has two set-up commands and no other', () => {
    const section = capture(/^## Set up$([^]*?)^## /mu)
    const commands = [...section.matchAll(/^```sh\n([^]*?)\n```$/gmu)].map(([, command]) => command)
    expect(commands).toEqual(['npm install && npm start', 'npm install && npm test'])
  })
})

describe('ARCHITECTURE.md', () => {
  it('says of every file of the analysis, folder by folder, which question it answers', () => {
    const architecture = readFileSync(resolve(root, 'ARCHITECTURE.md'), 'utf8')
    const [, section = ''] = /^## What each file of the analysis answers$([^]*?)^## /mu.exec(architecture) ?? []
    const listed = section.split(/^### /mu).flatMap((part) => {
      const folder = /^`(\w+)`/u.exec(part)?.[1]
      const cells = [...part.matchAll(/^\| (`[^|]+\.ts`[^|]*) \|/gmu)].map(([, cell = '']) => cell)
      return cells
        .flatMap((cell) => [...cell.matchAll(/`(\w+\.ts)`/gu)])
        .map(([, file = '']) => (folder === undefined ? file : `${folder}/${file}`))
    })
    const files = globSync(['**/*.ts', '!knowledge/packages'], { cwd: resolve(root, 'lint/analysis') })
    expect(listed.sort()).toEqual(files.sort())
  })
})
