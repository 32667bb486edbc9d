import { chmod, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CannotHostError } from '../../../scripts/host/cannotHost.ts'
import { editorUrl } from '../../../scripts/host/editorUrl.ts'
import { findOnPath } from '../../../scripts/host/executable.ts'
import { findBrowser } from '../../../scripts/host/findBrowser.ts'
import { cacheFolder } from '../../../scripts/host/paths.ts'
import { run } from '../../../scripts/host/run.ts'
import { type TemporaryFolder, temporaryFolder } from '../../../scripts/host/temporaryFolder.ts'

let folder: TemporaryFolder
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => folder[Symbol.asyncDispose]())

async function executable(name: string): Promise<string> {
  const file = path.join(folder.path, name)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, '#!/bin/sh\n')
  await chmod(file, 0o755)
  return file
}

describe('the cache folder', () => {
  it('is where FORKLINE_CACHE says, before XDG_CACHE_HOME', () => {
    expect(cacheFolder({ FORKLINE_CACHE: '/a', XDG_CACHE_HOME: '/b' })).toBe(path.resolve('/a'))
    expect(cacheFolder({ XDG_CACHE_HOME: '/b' })).toBe(path.join('/b', 'forkline'))
  })

  it('is in the home folder otherwise', () => {
    expect(cacheFolder({})).toMatch(/\.cache.forkline$/u)
  })
})

describe.skipIf(process.platform === 'win32')('an executable', () => {
  it('is found in the order of the names, then of the PATH', async () => {
    const second = await executable('two/second')
    const first = await executable('two/first')
    const PATH = [path.join(folder.path, 'absent'), path.join(folder.path, 'two')].join(path.delimiter)
    expect(findOnPath(['first', 'second'], { PATH })).toBe(first)
    expect(findOnPath(['third', 'second'], { PATH })).toBe(second)
    expect(findOnPath(['third'], { PATH })).toBeUndefined()
  })

  it('is not a folder, and not a file without the permission', async () => {
    await mkdir(path.join(folder.path, 'code'))
    await writeFile(path.join(folder.path, 'chromium'), '')
    expect(findOnPath(['code', 'chromium'], { PATH: folder.path })).toBeUndefined()
  })
})

describe.skipIf(process.platform === 'win32')('the browser', () => {
  it('is the one that CHROMIUM_PATH names', async () => {
    const named = await executable('my-browser')
    await executable('chromium')
    expect(findBrowser({ CHROMIUM_PATH: named, PATH: folder.path })).toBe(named)
  })

  it('is never another one than CHROMIUM_PATH names', async () => {
    await executable('chromium')
    const env = { CHROMIUM_PATH: path.join(folder.path, 'gone'), PATH: folder.path }
    expect(() => findBrowser(env)).toThrow(CannotHostError)
  })

  it('is missed with a word on how to get it', () => {
    expect(() => findBrowser({ PATH: folder.path })).toThrow('apt-get install chromium')
  })
})

describe('the address of the editor', () => {
  it('says what to open and load, whatever the characters', () => {
    const url = new URL(editorUrl('127.0.0.1:80', 'secret', { folder: '/a b&c', extension: '/e', file: '/a b&c/ä.ts' }))
    expect(url.searchParams.get('folder')).toBe('/a b&c')
    expect(url.searchParams.get('tkn')).toBe('secret')
    expect(JSON.parse(url.searchParams.get('payload') ?? '')).toEqual([
      ['extensionDevelopmentPath', 'vscode-remote://127.0.0.1:80/e'],
      ['openFile', 'vscode-remote://127.0.0.1:80/a%20b%26c/%C3%A4.ts'],
    ])
  })
})

describe('running a command', () => {
  it('gives its output', async () => {
    await expect(run(process.execPath, ['-p', '6 * 7'])).resolves.toBe('42\n')
  })

  it('fails with the end of its output, unless the code is accepted', async () => {
    const script = 'console.error("why"); process.exit(3)'
    await expect(run(process.execPath, ['-e', script])).rejects.toThrow(/ended with 3:\nwhy$/u)
    await expect(run(process.execPath, ['-e', script], { accept: [3] })).resolves.toBe('')
  })
})
