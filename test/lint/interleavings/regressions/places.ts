import {
  total,
  load,
  connect,
  client,
  ready,
  cache,
  mutex,
  map,
  fillIfAbsent,
  not,
  program,
  type Regression,
} from './parts.ts'

/** Places that are filled, emptied, kept and filled again. */
export const PLACES: readonly Regression[] = [
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
]
