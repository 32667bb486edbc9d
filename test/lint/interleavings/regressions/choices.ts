import { load, map, program, type Regression } from './parts.ts'

/** What the item chooses, and what is added to a list or a sum. */
export const CHOICES: readonly Regression[] = [
  {
    name: 'what an empty map counts adds nothing to what was read',
    program: program(
      map,
      [
        { name: 'count', kind: 'counter', home: 'module' },
        { name: 'cache', kind: 'map', home: 'captured' },
      ],
      [
        { kind: 'const', name: 'value1', value: { kind: 'read', cell: 'count' } },
        { kind: 'const', name: 'value2', value: load },
        {
          kind: 'assign',
          site: 1,
          cell: 'count',
          operator: '=',
          value: {
            kind: 'plus',
            left: { kind: 'double', of: { kind: 'size', cell: 'cache' } },
            right: { kind: 'local', name: 'value1' },
          },
        },
      ],
    ),
  },
  {
    name: 'a switch lets only the items of one kind come to a write',
    program: program(
      { kind: 'limited', limit: 2 },
      [
        { name: 'count', kind: 'counter', home: 'captured' },
        { name: 'cache', kind: 'map', home: 'module' },
      ],
      [
        { kind: 'switch', odd: [], even: [{ kind: 'assign', site: 5, cell: 'count', operator: '+=', value: load }] },
        {
          kind: 'repeat',
          times: 2,
          name: 'turn4',
          body: [
            { kind: 'set', site: 8, cell: 'cache', key: { kind: 'item' }, value: load },
            { kind: 'wait', io: load },
            { kind: 'wait', io: load },
          ],
          unless: undefined,
        },
        { kind: 'set', site: 10, cell: 'cache', key: { kind: 'number', value: 1 }, value: load },
      ],
    ),
  },
  {
    name: 'a slot that nothing is put into is nothing, however often it is added to itself',
    program: program(
      map,
      [{ name: 'client', kind: 'slot', home: 'captured' }],
      [
        {
          kind: 'assign',
          site: 1,
          cell: 'client',
          operator: '=',
          value: { kind: 'plus', left: { kind: 'read', cell: 'client' }, right: { kind: 'read', cell: 'client' } },
        },
        { kind: 'const', name: 'value1', value: { kind: 'read', cell: 'client' } },
        { kind: 'wait', io: load },
        {
          kind: 'assign',
          site: 2,
          cell: 'client',
          operator: '=',
          value: { kind: 'plus', left: { kind: 'read', cell: 'client' }, right: { kind: 'local', name: 'value1' } },
        },
      ],
    ),
  },
  {
    name: 'a choice by the item may write back what was read, or what is there by then',
    program: {
      cells: [{ name: 'total', kind: 'counter', home: 'object' }],
      functions: [
        {
          name: 'run',
          exported: true,
          shape: { kind: 'once' },
          body: [
            {
              kind: 'fanOut',
              body: [
                { kind: 'unpack', name: 'value5', cell: 'total' },
                {
                  kind: 'finally',
                  body: [
                    {
                      kind: 'assign',
                      site: 8,
                      cell: 'total',
                      operator: '+=',
                      value: { kind: 'io', name: 'register', argument: { kind: 'item' }, mayFail: true },
                    },
                  ],
                  after: [
                    { kind: 'assign', site: 9, cell: 'total', operator: '=', value: { kind: 'local', name: 'value5' } },
                  ],
                },
                { kind: 'const', name: 'value6', value: { kind: 'local', name: 'value5' } },
                {
                  kind: 'assign',
                  site: 10,
                  cell: 'total',
                  operator: '=',
                  value: {
                    kind: 'choose',
                    condition: { kind: 'odd' },
                    yes: { kind: 'local', name: 'value6' },
                    no: { kind: 'read', cell: 'total' },
                  },
                },
              ],
            },
          ],
          pairs: undefined,
        },
      ],
      isClass: true,
    },
  },
  {
    name: 'a choice by the item may write back what lies elsewhere',
    program: {
      cells: [
        { name: 'total', kind: 'counter', home: 'field' },
        { name: 'count', kind: 'counter', home: 'object' },
      ],
      functions: [
        {
          name: 'run',
          exported: true,
          shape: { kind: 'limited', limit: 2 },
          body: [
            { kind: 'const', name: 'value2', value: { kind: 'read', cell: 'total' } },
            { kind: 'wait', io: load },
            {
              kind: 'assign',
              site: 1,
              cell: 'total',
              operator: '=',
              value: {
                kind: 'choose',
                condition: { kind: 'odd' },
                yes: { kind: 'read', cell: 'count' },
                no: { kind: 'local', name: 'value2' },
              },
            },
          ],
          pairs: undefined,
        },
      ],
      isClass: true,
    },
  },
  {
    name: 'a choice by the item within a sum decides whether anything is waited for',
    program: {
      cells: [{ name: 'total', kind: 'counter', home: 'captured' }],
      functions: [
        {
          name: 'run',
          exported: true,
          shape: { kind: 'streamed' },
          body: [
            {
              kind: 'fanOut',
              body: [
                {
                  kind: 'assign',
                  site: 1,
                  cell: 'total',
                  operator: '=',
                  value: {
                    kind: 'plus',
                    left: { kind: 'plus', left: { kind: 'number', value: 4 }, right: { kind: 'read', cell: 'total' } },
                    right: {
                      kind: 'choose',
                      condition: { kind: 'odd' },
                      yes: { kind: 'read', cell: 'total' },
                      no: load,
                    },
                  },
                },
              ],
            },
          ],
          pairs: undefined,
        },
      ],
      isClass: true,
    },
  },
  {
    name: 'a choice by the item may put the place in its own place',
    program: program(
      map,
      [{ name: 'total', kind: 'counter', home: 'captured' }],
      [
        { kind: 'const', name: 'value1', value: { kind: 'read', cell: 'total' } },
        { kind: 'wait', io: load },
        {
          kind: 'assign',
          site: 2,
          cell: 'total',
          operator: '=',
          value: {
            kind: 'choose',
            condition: { kind: 'odd' },
            yes: { kind: 'local', name: 'value1' },
            no: { kind: 'read', cell: 'total' },
          },
        },
      ],
    ),
  },
  {
    name: 'what a loop appends behind one kept promise comes in the order of asking',
    program: {
      cells: [
        { name: 'results', kind: 'list', home: 'captured' },
        { name: 'starting', kind: 'promise', home: 'object' },
        { name: 'total', kind: 'counter', home: 'field' },
      ],
      functions: [
        {
          name: 'helper',
          exported: false,
          shape: { kind: 'once' },
          body: [{ kind: 'assign', site: 4, cell: 'total', operator: '+=', value: load }],
          pairs: undefined,
        },
        {
          name: 'run',
          exported: true,
          shape: map,
          body: [
            { kind: 'share', cell: 'starting', callee: 'helper' },
            {
              kind: 'repeat',
              times: 2,
              name: 'turn2',
              body: [{ kind: 'add', site: 6, cell: 'results', value: { kind: 'item' } }],
              unless: undefined,
            },
          ],
          pairs: 'results',
        },
      ],
      isClass: true,
    },
  },
  {
    name: 'who appends before one kept promise and behind it comes behind the others',
    program: {
      cells: [
        { name: 'results', kind: 'list', home: 'captured' },
        { name: 'starting', kind: 'promise', home: 'module' },
      ],
      functions: [
        { name: 'helper', exported: false, shape: { kind: 'once' }, body: [], pairs: undefined },
        {
          name: 'run',
          exported: true,
          shape: map,
          body: [
            { kind: 'add', site: 4, cell: 'results', value: { kind: 'item' } },
            { kind: 'share', cell: 'starting', callee: 'helper' },
            { kind: 'add', site: 6, cell: 'results', value: { kind: 'item' } },
          ],
          pairs: 'results',
        },
      ],
      isClass: false,
    },
  },
]
