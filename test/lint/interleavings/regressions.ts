import type { Cell, Condition, Program, Shape, Statement } from './program.ts'

const load = { kind: 'io', name: 'load', argument: { kind: 'item' }, mayFail: false } as const
const connect = { ...load, name: 'connect' } as const

const total: Cell = { name: 'total', kind: 'counter', home: 'captured' }
const client: Cell = { name: 'client', kind: 'slot', home: 'object' }
const ready: Cell = { name: 'ready', kind: 'flag', home: 'object' }
const cache: Cell = { name: 'cache', kind: 'map', home: 'captured' }
const results: Cell = { name: 'results', kind: 'list', home: 'captured' }
const mutex: Cell = { name: 'mutex', kind: 'mutex', home: 'object' }

const limited: Shape = { kind: 'limited', limit: 1 }
const map: Shape = { kind: 'map' }

const fillIfAbsent: Statement = { kind: 'assign', site: 1, cell: 'client', operator: '??=', value: connect }

function not(of: Condition): Condition {
  return { kind: 'not', of }
}

function program(shape: Shape, cells: readonly Cell[], body: readonly Statement[]): Program {
  const pairs = cells.find(({ kind }) => kind === 'list')?.name
  return { cells, isClass: false, functions: [{ name: 'run', exported: true, shape, body, pairs }] }
}

/** Programs on which a rule and the interleavings have disagreed, cut down to what showed it. */
export const REGRESSIONS: readonly { readonly name: string; readonly program: Program }[] = [
  {
    name: 'a limiter of one made in the function runs the callbacks one after another',
    program: program(limited, [total], [{ kind: 'assign', site: 1, cell: 'total', operator: '+=', value: load }]),
  },
  {
    name: 'so that results come in the order of the input',
    program: program(limited, [results], [{ kind: 'add', site: 1, cell: 'results', value: load }]),
  },
  {
    name: 'as they do where a lock is handed on in the order of asking',
    program: program(
      map,
      [results, mutex],
      [
        {
          kind: 'exclusive',
          mutex: 'mutex',
          style: 'release',
          body: [{ kind: 'add', site: 1, cell: 'results', value: { kind: 'item' } }],
        },
      ],
    ),
  },
  {
    name: 'a lock that is given back by its callback does not cover what follows',
    program: program(
      map,
      [client, mutex],
      [{ kind: 'exclusive', mutex: 'mutex', style: 'callback', body: [{ kind: 'wait', io: load }] }, fillIfAbsent],
    ),
  },
  {
    name: 'nor does one that is released in a finally',
    program: program(
      { kind: 'once' },
      [client, mutex],
      [{ kind: 'exclusive', mutex: 'mutex', style: 'release', body: [{ kind: 'wait', io: load }] }, fillIfAbsent],
    ),
  },
  {
    name: 'a place that is emptied again is meant to be filled more than once',
    program: program(map, [client], [fillIfAbsent, { kind: 'clear', site: 2, cell: 'client' }]),
  },
  {
    name: 'a finally is reached by ways that pass no check',
    program: program(
      map,
      [ready],
      [
        {
          kind: 'finally',
          body: [
            {
              kind: 'if',
              condition: not({ kind: 'there', cell: 'ready', style: 'bare' }),
              yes: [
                {
                  kind: 'catch',
                  body: [{ kind: 'wait', io: { ...connect, mayFail: true } }],
                  handler: [{ kind: 'return' }],
                },
              ],
              no: [],
            },
          ],
          after: [{ kind: 'flag', site: 1, cell: 'ready', value: true }],
        },
      ],
    ),
  },
  {
    name: 'a counter below a limit, and raised, shuts nobody out',
    program: program(
      map,
      [cache, { ...total, home: 'module' }],
      [
        {
          kind: 'if',
          condition: not({ kind: 'has', cell: 'cache', key: { kind: 'item' } }),
          yes: [
            {
              kind: 'if',
              condition: { kind: 'below', value: { kind: 'read', cell: 'total' }, limit: 9 },
              yes: [{ kind: 'assign', site: 2, cell: 'total', operator: '=', value: { kind: 'item' } }],
              no: [],
            },
            { kind: 'set', site: 1, cell: 'cache', key: { kind: 'item' }, value: load },
          ],
          no: [],
        },
      ],
    ),
  },
  {
    name: 'a busy flag that is set before the check lets nobody else come to it',
    program: program(
      map,
      [client, ready],
      [
        { kind: 'if', condition: { kind: 'there', cell: 'ready', style: 'bare' }, yes: [{ kind: 'return' }], no: [] },
        { kind: 'flag', site: 2, cell: 'ready', value: true },
        fillIfAbsent,
      ],
    ),
  },
  {
    name: 'nor to the sum behind it',
    program: program(
      map,
      [total, ready],
      [
        { kind: 'if', condition: { kind: 'there', cell: 'ready', style: 'bare' }, yes: [{ kind: 'return' }], no: [] },
        { kind: 'flag', site: 2, cell: 'ready', value: true },
        { kind: 'assign', site: 1, cell: 'total', operator: '+=', value: load },
      ],
    ),
  },
  {
    name: 'a check of another place may let but one come to the sum',
    program: program(
      map,
      [{ ...total, home: 'module' }],
      [
        { kind: 'increment', site: 1, cell: 'total' },
        {
          kind: 'if',
          condition: { kind: 'below', value: { kind: 'read', cell: 'total' }, limit: 3 },
          yes: [
            { kind: 'wait', io: load },
            { kind: 'assign', site: 2, cell: 'total', operator: '+=', value: load },
          ],
          no: [],
        },
      ],
    ),
  },
  {
    name: 'or to what is filled if empty',
    program: program(
      map,
      [
        { ...client, home: 'captured' },
        { ...total, home: 'module' },
      ],
      [
        { kind: 'increment', site: 1, cell: 'total' },
        {
          kind: 'if',
          condition: { kind: 'below', value: { kind: 'read', cell: 'total' }, limit: 3 },
          yes: [{ kind: 'assign', site: 2, cell: 'client', operator: '??=', value: connect }],
          no: [],
        },
      ],
    ),
  },
  {
    name: 'what goes in behind a lock that was let go comes in the order of asking',
    program: program(
      map,
      [results, mutex],
      [
        {
          kind: 'exclusive',
          mutex: 'mutex',
          style: 'release',
          body: [{ kind: 'add', site: 1, cell: 'results', value: load }],
        },
        { kind: 'add', site: 2, cell: 'results', value: { kind: 'item' } },
      ],
    ),
  },
  {
    name: 'a sum kept in a variable to which nothing was added',
    program: program(
      map,
      [{ ...total, home: 'object' }, client],
      [
        {
          kind: 'const',
          name: 'value1',
          value: { kind: 'plus', left: { kind: 'read', cell: 'total' }, right: { kind: 'read', cell: 'client' } },
        },
        { kind: 'wait', io: load },
        { kind: 'assign', site: 1, cell: 'total', operator: '=', value: { kind: 'local', name: 'value1' } },
      ],
    ),
  },
  {
    name: 'behind a busy flag but one task appends',
    program: program(
      map,
      [results, ready],
      [
        {
          kind: 'repeat',
          times: 2,
          name: 'turn1',
          unless: { kind: 'there', cell: 'ready', style: 'bare' },
          body: [
            { kind: 'flag', site: 1, cell: 'ready', value: true },
            { kind: 'add', site: 2, cell: 'results', value: load },
          ],
        },
      ],
    ),
  },
  {
    name: 'what fills an empty place overwrites nothing',
    program: program(
      map,
      [client],
      [
        { kind: 'const', name: 'value1', value: { kind: 'plus', left: { kind: 'read', cell: 'client' }, right: load } },
        { kind: 'assign', site: 1, cell: 'client', operator: '??=', value: { kind: 'local', name: 'value1' } },
      ],
    ),
  },
  {
    name: 'a flag that is set where it is set already tells nobody anything',
    program: program(
      { kind: 'once' },
      [cache, ready].map((cell) => ({ ...cell, home: 'module' as const })),
      [
        {
          kind: 'if',
          condition: not({ kind: 'has', cell: 'cache', key: { kind: 'number', value: 1 } }),
          yes: [
            { kind: 'flag', site: 1, cell: 'ready', value: true },
            {
              kind: 'if',
              condition: not({ kind: 'there', cell: 'ready', style: 'bare' }),
              yes: [{ kind: 'return' }],
              no: [],
            },
            { kind: 'flag', site: 2, cell: 'ready', value: true },
            { kind: 'set', site: 3, cell: 'cache', key: { kind: 'number', value: 1 }, value: connect },
          ],
          no: [],
        },
      ],
    ),
  },
  {
    name: 'who waits for one kept promise goes on in the order of asking',
    program: {
      ...program(map, [{ name: 'starting', kind: 'promise', home: 'object' }, results], []),
      functions: [
        {
          name: 'helper',
          exported: false,
          shape: { kind: 'once' },
          body: [{ kind: 'wait', io: load }],
          pairs: undefined,
        },
        {
          name: 'run',
          exported: true,
          shape: map,
          body: [
            { kind: 'share', cell: 'starting', callee: 'helper' },
            { kind: 'add', site: 1, cell: 'results', value: { kind: 'item' } },
          ],
          pairs: 'results',
        },
      ],
    },
  },
  {
    name: 'a sum that two come to only where each has failed twice',
    program: program(
      map,
      [{ ...total, home: 'module' }],
      [
        {
          kind: 'catch',
          body: [{ kind: 'wait', io: { ...load, mayFail: true } }],
          handler: [
            {
              kind: 'catch',
              body: [{ kind: 'wait', io: { ...load, mayFail: true } }],
              handler: [{ kind: 'assign', site: 1, cell: 'total', operator: '+=', value: load }],
            },
          ],
        },
      ],
    ),
  },
  {
    name: 'a busy flag, although the way that it leaves fills the same place',
    program: program(
      { kind: 'once' },
      [client, ready],
      [
        {
          kind: 'if',
          condition: {
            kind: 'and',
            left: not({ kind: 'there', cell: 'client', style: 'bare' }),
            right: not({ kind: 'there', cell: 'ready', style: 'compared' }),
          },
          yes: [
            { kind: 'flag', site: 1, cell: 'ready', value: true },
            { kind: 'assign', site: 2, cell: 'client', operator: '=', value: connect },
          ],
          no: [{ kind: 'assign', site: 3, cell: 'client', operator: '=', value: { ...load, name: 'register' } }],
        },
      ],
    ),
  },
  {
    name: 'a list that is filled first serves as a busy flag',
    program: program(
      { kind: 'once' },
      [client, { ...results, home: 'object' }],
      [
        {
          kind: 'if',
          condition: not({ kind: 'filled', cell: 'results' }),
          yes: [
            {
              kind: 'if',
              condition: not({ kind: 'there', cell: 'client', style: 'bare' }),
              yes: [
                { kind: 'add', site: 2, cell: 'results', value: { kind: 'item' } },
                { kind: 'assign', site: 3, cell: 'client', operator: '=', value: load },
              ],
              no: [],
            },
          ],
          no: [],
        },
        fillIfAbsent,
      ],
    ),
  },
  {
    name: 'a place that a called function empties again, in callbacks of its own',
    program: {
      ...program(map, [client], []),
      functions: [
        {
          name: 'helper',
          exported: false,
          shape: { kind: 'once' },
          body: [{ kind: 'fanOut', body: [{ kind: 'clear', site: 1, cell: 'client' }] }],
          pairs: undefined,
        },
        {
          name: 'run',
          exported: true,
          shape: map,
          body: [
            { kind: 'assign', site: 3, cell: 'client', operator: '??=', value: connect },
            { kind: 'call', callee: 'helper' },
          ],
          pairs: undefined,
        },
      ],
    },
  },
  {
    name: 'a place that was filled before it is filled if empty',
    program: program(
      map,
      [client, { ...client, name: 'newest' }],
      [
        { kind: 'if', condition: { kind: 'odd' }, yes: [{ kind: 'return' }], no: [] },
        {
          kind: 'if',
          condition: { kind: 'there', cell: 'client', style: 'compared' },
          yes: [{ kind: 'assign', site: 2, cell: 'newest', operator: '=', value: { kind: 'item' } }],
          no: [],
        },
        { kind: 'assign', site: 3, cell: 'client', operator: '=', value: { kind: 'item' } },
        { kind: 'wait', io: load },
        { kind: 'assign', site: 1, cell: 'newest', operator: '??=', value: connect },
      ],
    ),
  },
  {
    name: 'a check inside of an earlier branch may let but one come to the sum',
    program: program(
      map,
      [{ ...cache, home: 'module' }, ready],
      [
        {
          kind: 'if',
          condition: not({ kind: 'there', cell: 'ready', style: 'bare' }),
          yes: [],
          no: [
            {
              kind: 'if',
              condition: not({ kind: 'has', cell: 'cache', key: { kind: 'number', value: 1 } }),
              yes: [{ kind: 'return' }],
              no: [],
            },
          ],
        },
        { kind: 'flag', site: 3, cell: 'ready', value: true },
        {
          kind: 'set',
          site: 4,
          cell: 'cache',
          key: { kind: 'number', value: 1 },
          value: { kind: 'plus', left: { kind: 'get', cell: 'cache', key: { kind: 'number', value: 1 } }, right: load },
        },
      ],
    ),
  },
  {
    name: 'an entry that is looked for again, by another key',
    program: program(
      { kind: 'once' },
      [{ ...cache, home: 'module' }],
      [
        {
          kind: 'if',
          condition: not({ kind: 'has', cell: 'cache', key: { kind: 'number', value: 1 } }),
          yes: [
            { kind: 'wait', io: load },
            {
              kind: 'repeat',
              times: 2,
              name: 'turn1',
              unless: not({ kind: 'has', cell: 'cache', key: { kind: 'item' } }),
              body: [{ kind: 'set', site: 1, cell: 'cache', key: { kind: 'number', value: 1 }, value: load }],
            },
          ],
          no: [],
        },
      ],
    ),
  },
  {
    name: 'a place that a callback of the function empties again',
    program: program(
      map,
      [
        { ...client, home: 'captured' },
        { ...mutex, lock: 'semaphore' },
      ],
      [
        { kind: 'keepSlot', name: 'kept1', cell: 'client' },
        {
          kind: 'if',
          condition: not({ kind: 'localThere', name: 'kept1' }),
          yes: [{ kind: 'assign', site: 1, cell: 'client', operator: '=', value: connect }],
          no: [],
        },
        { kind: 'exclusive', mutex: 'mutex', style: 'callback', body: [{ kind: 'clear', site: 2, cell: 'client' }] },
      ],
    ),
  },
  {
    name: 'a check of the item that lets but one of a list come to the sum, where the list is written out',
    program: program(
      { kind: 'sequential' },
      [total],
      [
        {
          kind: 'fanOut',
          body: [
            {
              kind: 'if',
              condition: { kind: 'odd' },
              yes: [{ kind: 'assign', site: 1, cell: 'total', operator: '+=', value: load }],
              no: [],
            },
          ],
        },
      ],
    ),
  },
  {
    name: 'or one case of a switch',
    program: program(
      { kind: 'sequential' },
      [total],
      [
        {
          kind: 'fanOut',
          body: [
            {
              kind: 'switch',
              odd: [{ kind: 'assign', site: 1, cell: 'total', operator: '+=', value: load }],
              even: [],
            },
          ],
        },
      ],
    ),
  },
  {
    name: 'a copy that is made outside of the function which checks it',
    program: program(
      map,
      [client],
      [
        { kind: 'keepSlot', name: 'kept1', cell: 'client' },
        {
          kind: 'nested',
          name: 'step1',
          body: [
            {
              kind: 'if',
              condition: not({ kind: 'localThere', name: 'kept1' }),
              yes: [{ kind: 'assign', site: 1, cell: 'client', operator: '=', value: load }],
              no: [],
            },
          ],
        },
      ],
    ),
  },
  {
    name: "what a function within the activation writes, that waits for it, is no other one's",
    program: program(
      { kind: 'streamed' },
      [total],
      [
        { kind: 'const', name: 'value1', value: { kind: 'read', cell: 'total' } },
        { kind: 'nested', name: 'step1', body: [{ kind: 'increment', site: 1, cell: 'total' }] },
        { kind: 'assign', site: 2, cell: 'total', operator: '=', value: { kind: 'local', name: 'value1' } },
      ],
    ),
  },
  {
    name: 'an entry that the first turn of a loop may have set, on a check before the loop',
    program: program(
      { kind: 'once' },
      [{ ...cache, home: 'module' }, client],
      [
        {
          kind: 'if',
          condition: not({ kind: 'has', cell: 'cache', key: { kind: 'number', value: 1 } }),
          yes: [
            {
              kind: 'repeat',
              times: 2,
              name: 'turn1',
              unless: undefined,
              body: [
                {
                  kind: 'if',
                  condition: { kind: 'there', cell: 'client', style: 'bare' },
                  yes: [
                    { kind: 'set', site: 1, cell: 'cache', key: { kind: 'number', value: 1 }, value: { kind: 'item' } },
                  ],
                  no: [{ kind: 'assign', site: 2, cell: 'client', operator: '=', value: connect }],
                },
              ],
            },
          ],
          no: [],
        },
      ],
    ),
  },
  {
    name: 'a list that is looked at again together with something else',
    program: program(
      { kind: 'once' },
      [
        { ...results, home: 'module' },
        { ...total, home: 'module' },
      ],
      [
        {
          kind: 'if',
          condition: not({ kind: 'filled', cell: 'results' }),
          yes: [
            { kind: 'wait', io: connect },
            {
              kind: 'if',
              condition: {
                kind: 'and',
                left: { kind: 'filled', cell: 'results' },
                right: { kind: 'below', value: { kind: 'read', cell: 'total' }, limit: 1 },
              },
              yes: [],
              no: [{ kind: 'add', site: 1, cell: 'results', value: { kind: 'item' } }],
            },
          ],
          no: [],
        },
      ],
    ),
  },
  {
    name: 'a place that is emptied again by a function which callbacks of the function call',
    program: {
      ...program(map, [client], []),
      functions: [
        {
          name: 'helper',
          exported: false,
          shape: { kind: 'once' },
          body: [{ kind: 'clear', site: 1, cell: 'client' }],
          pairs: undefined,
        },
        {
          name: 'run',
          exported: true,
          shape: map,
          body: [
            { kind: 'assign', site: 2, cell: 'client', operator: '??=', value: { ...load, name: 'register' } },
            { kind: 'fanOut', body: [{ kind: 'call', callee: 'helper' }] },
          ],
          pairs: undefined,
        },
      ],
    },
  },
  {
    name: 'what goes in behind a closure that takes a lock and lets it go comes in the order of asking',
    program: program(
      map,
      [results, mutex],
      [
        {
          kind: 'nested',
          name: 'step1',
          body: [{ kind: 'exclusive', mutex: 'mutex', style: 'release', body: [{ kind: 'wait', io: load }] }],
        },
        { kind: 'add', site: 1, cell: 'results', value: { kind: 'item' } },
      ],
    ),
  },
  {
    name: 'a place that the head of a loop looks at again',
    program: program(
      { kind: 'once' },
      [{ ...ready, home: 'module' }],
      [
        {
          kind: 'if',
          condition: { kind: 'there', cell: 'ready', style: 'bare' },
          yes: [],
          no: [
            { kind: 'wait', io: load },
            {
              kind: 'repeat',
              times: 2,
              name: 'turn1',
              unless: { kind: 'there', cell: 'ready', style: 'bare' },
              body: [],
            },
            { kind: 'flag', site: 1, cell: 'ready', value: true },
          ],
        },
      ],
    ),
  },
  {
    name: 'a closure that appends, called behind a busy flag which lets but one come to it',
    program: program(
      map,
      [results, ready],
      [
        { kind: 'if', condition: { kind: 'there', cell: 'ready', style: 'bare' }, yes: [{ kind: 'return' }], no: [] },
        {
          kind: 'nested',
          name: 'step1',
          body: [
            { kind: 'flag', site: 1, cell: 'ready', value: true },
            { kind: 'add', site: 2, cell: 'results', value: load },
          ],
        },
      ],
    ),
  },
]
