import {
  load,
  connect,
  total,
  client,
  ready,
  cache,
  results,
  map,
  fillIfAbsent,
  not,
  program,
  type Regression,
} from './parts.ts'

/** Checks that let but one task come to a write. */
export const SHUT: readonly Regression[] = [
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
