import { FILES, THIRD, each, type Io, type PackageKnowledge } from './model.ts'

/** It waits and tries again when descriptors run out. */
const GRACEFUL: Io = { '*': 'stat' }
const BROWSER: Io = { launch: 'process', launchPersistentContext: 'process', newPage: 'process', newContext: 'process' }
const PROCESS: Io = { '*': 'process' }

/** Files, processes and browsers. */
export const PROCESSES: Readonly<Record<string, PackageKnowledge>> = {
  'graceful-fs': { io: GRACEFUL },
  // Built on it.
  'fs-extra': { io: GRACEFUL },
  'mz/fs': { io: FILES },
  'write-file-atomic': { io: { '*': 'file' } },
  'load-json-file': { io: { '*': 'file' } },
  'write-json-file': { io: { '*': 'file' } },
  'to-vfile': { io: { read: 'file', write: 'file' } },
  vscode: {
    io: {
      ...each('file', 'readFile writeFile openTextDocument'),
      ...each('stat', 'stat delete rename copy'),
      executeCommand: 'memory',
    },
  },
  execa: {
    io: PROCESS,
    signals: {
      execa: { index: 2, property: 'cancelSignal' },
      execaNode: { index: 2, property: 'cancelSignal' },
      execaCommand: { index: 1, property: 'cancelSignal' },
    },
  },
  zx: { io: { $: 'process', spinner: 'memory', fetch: 'network', glob: 'file' } },
  tinyexec: { io: PROCESS, signals: { x: THIRD, exec: THIRD } },
  'nano-spawn': { io: PROCESS, signals: { default: THIRD } },
  'cross-spawn': { io: PROCESS, signals: { default: THIRD, spawn: THIRD } },
  'mz/child_process': { io: PROCESS },
  'child-process-promise': { io: PROCESS },
  'promisify-child-process': { io: PROCESS },
  '@expo/spawn-async': { io: PROCESS },
  '@npmcli/promise-spawn': { io: PROCESS },
  '@npmcli/git': { io: PROCESS },
  '@npmcli/run-script': { io: PROCESS },
  '@actions/exec': { io: { exec: 'process', getExecOutput: 'process' } },
  '@actions/tool-cache': { io: { downloadTool: 'network', ...each('process', 'extractTar extractZip extract7z') } },
  dugite: { io: PROCESS },
  'ps-list': { io: PROCESS },
  pidusage: { io: PROCESS },
  // A client runs five at a time, and clients know nothing of one another.
  'simple-git': { io: { '*': 'stat', simpleGit: 'process', default: 'process' } },
  'puppeteer-cluster': { limiters: ['Cluster'] },
  'html-pdf-node': { io: each('process', 'generatePdf generatePdfs') },
  pdf2pic: { io: each('process', 'fromPath fromBase64 fromBuffer') },
  'youtube-dl-exec': { io: PROCESS },
  lighthouse: { io: { default: 'process' } },
  'chrome-launcher': { io: { launch: 'process' } },
  'node-pty': { io: { spawn: 'process' } },
  testcontainers: { io: { start: 'process' } },
  puppeteer: { io: BROWSER },
  'puppeteer-core': { io: BROWSER },
  'puppeteer-extra': { io: BROWSER },
  playwright: { io: BROWSER },
  'playwright-core': { io: BROWSER },
  'playwright-chromium': { io: BROWSER },
  'playwright-extra': { io: BROWSER },
  dockerode: {
    io: each('network', 'createContainer start stop remove pull exec'),
  },
}
