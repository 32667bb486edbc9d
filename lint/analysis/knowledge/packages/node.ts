import { FILES, SECOND, THIRD, each, type Io, type PackageKnowledge } from './model.ts'

const CHILD_PROCESS: Io = { spawn: 'process', exec: 'process', execFile: 'process', fork: 'process' }

/** What Node itself brings. */
export const NODE: Readonly<Record<string, PackageKnowledge>> = {
  fs: { io: FILES },
  'fs/promises': { io: FILES, signals: { readFile: SECOND, writeFile: THIRD } },
  child_process: { io: CHILD_PROCESS, signals: { exec: SECOND, execFile: THIRD, spawn: THIRD, fork: THIRD } },
  http: { io: { request: 'network', get: 'network' } },
  https: { io: { request: 'network', get: 'network' } },
  http2: { io: { connect: 'network', request: 'network' } },
  net: { io: { connect: 'network', createConnection: 'network' } },
  tls: { io: { connect: 'network' } },
  dns: {
    io: each('network', 'lookup resolve resolve4 resolve6 resolveMx resolveTxt reverse'),
  },
  'timers/promises': {
    io: { setTimeout: 'timer', setImmediate: 'timer' },
    signals: { setTimeout: THIRD, setImmediate: SECOND, wait: SECOND },
    sleeps: ['setTimeout', 'wait'],
  },
  events: { signals: { once: THIRD } },
  'stream/promises': { signals: { finished: SECOND } },
  test: { keeps: ['default', 'test', 'it', 'describe', 'suite'] },
  'readline/promises': { signals: { question: SECOND } },
}
