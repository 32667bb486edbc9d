import { connect, load, map, not, program, type Regression } from './parts.ts'

/** Copies that are looked at, and places that are looked at again. */
export const LOOKS: readonly Regression[] = [
  {
    name: 'a copy that was made before the place was filled lets one activation come to a write',
    program: program(
      { kind: 'collected' },
      [{ name: 'client', kind: 'slot', home: 'captured' }],
      [
        { kind: 'keepSlot', name: 'kept8', cell: 'client' },
        {
          kind: 'nested',
          name: 'step9',
          body: [
            {
              kind: 'assign',
              site: 1,
              cell: 'client',
              operator: '=',
              value: { kind: 'plus', left: { kind: 'number', value: 3 }, right: { kind: 'number', value: 2 } },
            },
          ],
        },
        {
          kind: 'if',
          condition: {
            kind: 'or',
            left: {
              kind: 'and',
              left: not({ kind: 'localThere', name: 'kept8' }),
              right: { kind: 'localThere', name: 'kept8' },
            },
            right: not({ kind: 'localThere', name: 'kept8' }),
          },
          yes: [
            {
              kind: 'assign',
              site: 2,
              cell: 'client',
              operator: '=',
              value: { kind: 'plus', left: { kind: 'read', cell: 'client' }, right: connect },
            },
          ],
          no: [],
        },
      ],
    ),
  },
  {
    name: 'a loop that is left by its first turn lets one activation come to a write',
    program: {
      cells: [{ name: 'total', kind: 'counter', home: 'field' }],
      functions: [
        {
          name: 'helper',
          exported: false,
          shape: { kind: 'once' },
          body: [{ kind: 'assign', site: 2, cell: 'total', operator: '+=', value: { kind: 'number', value: 2 } }],
          pairs: undefined,
        },
        {
          name: 'run',
          exported: true,
          shape: map,
          body: [
            {
              kind: 'repeat',
              times: 2,
              name: 'turn3',
              unless: { kind: 'below', value: { kind: 'read', cell: 'total' }, limit: 2 },
              body: [{ kind: 'return' }],
            },
            { kind: 'repeat', times: 2, name: 'turn4', body: [{ kind: 'call', callee: 'helper' }], unless: undefined },
            { kind: 'const', name: 'before5', value: { kind: 'read', cell: 'total' } },
            {
              kind: 'assign',
              site: 9,
              cell: 'total',
              operator: '=',
              value: { kind: 'plus', left: { kind: 'local', name: 'before5' }, right: connect },
            },
          ],
          pairs: undefined,
        },
      ],
      isClass: true,
    },
  },
  {
    name: 'a copy of another place lets one activation come to a write',
    program: {
      cells: [
        { name: 'client', kind: 'slot', home: 'captured' },
        { name: 'total', kind: 'counter', home: 'captured' },
      ],
      functions: [
        {
          name: 'run',
          exported: true,
          shape: { kind: 'forEach' },
          body: [
            { kind: 'keepSlot', name: 'kept1', cell: 'client' },
            { kind: 'assign', site: 1, cell: 'client', operator: '=', value: { kind: 'read', cell: 'client' } },
            {
              kind: 'if',
              condition: not({ kind: 'localThere', name: 'kept1' }),
              yes: [{ kind: 'assign', site: 2, cell: 'total', operator: '+=', value: connect }],
              no: [],
            },
          ],
          pairs: undefined,
        },
      ],
      isClass: true,
    },
  },
  {
    name: 'who looks at a place and then at a copy of it learns nothing new',
    program: {
      cells: [{ name: 'client', kind: 'slot', home: 'field' }],
      functions: [
        {
          name: 'run',
          exported: true,
          shape: map,
          body: [
            { kind: 'keepSlot', name: 'kept1', cell: 'client' },
            {
              kind: 'if',
              condition: not({ kind: 'there', cell: 'client', style: 'bare' }),
              yes: [
                {
                  kind: 'repeat',
                  times: 2,
                  name: 'turn3',
                  body: [{ kind: 'const', name: 'value4', value: connect }],
                  unless: undefined,
                },
                {
                  kind: 'if',
                  condition: not({ kind: 'localThere', name: 'kept1' }),
                  yes: [
                    { kind: 'assign', site: 1, cell: 'client', operator: '=', value: { kind: 'read', cell: 'client' } },
                  ],
                  no: [],
                },
              ],
              no: [],
            },
          ],
          pairs: undefined,
        },
      ],
      isClass: true,
    },
  },
  {
    name: 'a place that is looked at again within a try by which it leaves',
    program: {
      cells: [{ name: 'total', kind: 'counter', home: 'module' }],
      functions: [
        {
          name: 'other',
          exported: true,
          shape: { kind: 'once' },
          body: [
            {
              kind: 'if',
              condition: {
                kind: 'and',
                left: { kind: 'below', value: { kind: 'read', cell: 'total' }, limit: 17 },
                right: { kind: 'odd' },
              },
              yes: [
                {
                  kind: 'catch',
                  body: [
                    { kind: 'wait', io: { kind: 'io', name: 'load', argument: { kind: 'item' }, mayFail: true } },
                    {
                      kind: 'if',
                      condition: { kind: 'below', value: { kind: 'read', cell: 'total' }, limit: 11 },
                      yes: [{ kind: 'return' }],
                      no: [],
                    },
                  ],
                  handler: [{ kind: 'return' }],
                },
                { kind: 'assign', site: 5, cell: 'total', operator: '=', value: { kind: 'read', cell: 'total' } },
              ],
              no: [],
            },
            {
              kind: 'assign',
              site: 8,
              cell: 'total',
              operator: '=',
              value: { kind: 'plus', left: { kind: 'local', name: 'before3' }, right: connect },
            },
          ],
          pairs: undefined,
        },
      ],
      isClass: false,
    },
  },
  {
    name: 'a place that is looked at again within a try in a try by which it leaves',
    program: {
      cells: [{ name: 'total', kind: 'counter', home: 'object' }],
      functions: [
        {
          name: 'run',
          exported: true,
          shape: { kind: 'limited', limit: 2 },
          body: [
            {
              kind: 'if',
              condition: { kind: 'below', value: { kind: 'read', cell: 'total' }, limit: 16 },
              yes: [
                {
                  kind: 'finally',
                  body: [
                    {
                      kind: 'finally',
                      body: [
                        { kind: 'wait', io: { kind: 'io', name: 'load', argument: { kind: 'item' }, mayFail: true } },
                        {
                          kind: 'if',
                          condition: { kind: 'below', value: { kind: 'read', cell: 'total' }, limit: 14 },
                          yes: [{ kind: 'return' }],
                          no: [],
                        },
                      ],
                      after: [],
                    },
                    {
                      kind: 'assign',
                      site: 1,
                      cell: 'total',
                      operator: '=',
                      value: { kind: 'double', of: { kind: 'number', value: 3 } },
                    },
                  ],
                  after: [{ kind: 'assign', site: 3, cell: 'total', operator: '+=', value: load }],
                },
              ],
              no: [],
            },
          ],
          pairs: undefined,
        },
      ],
      isClass: true,
    },
  },
  {
    name: 'a place that is looked at again within a lock by which it leaves',
    program: program(
      map,
      [
        { name: 'total', kind: 'counter', home: 'object' },
        { name: 'mutex', kind: 'mutex', home: 'object', lock: 'semaphore' },
      ],
      [
        {
          kind: 'if',
          condition: { kind: 'below', value: { kind: 'read', cell: 'total' }, limit: 9 },
          yes: [
            {
              kind: 'exclusive',
              mutex: 'mutex',
              style: 'release',
              body: [
                {
                  kind: 'if',
                  condition: { kind: 'below', value: { kind: 'read', cell: 'total' }, limit: 1 },
                  yes: [{ kind: 'return' }],
                  no: [],
                },
              ],
            },
            {
              kind: 'assign',
              site: 1,
              cell: 'total',
              operator: '=',
              value: { kind: 'plus', left: { kind: 'read', cell: 'total' }, right: { kind: 'item' } },
            },
          ],
          no: [],
        },
        {
          kind: 'assign',
          site: 6,
          cell: 'total',
          operator: '=',
          value: { kind: 'plus', left: { kind: 'number', value: 5 }, right: { kind: 'local', name: 'value1' } },
        },
        { kind: 'assign', site: 8, cell: 'total', operator: '+=', value: { kind: 'number', value: 4 } },
      ],
    ),
  },
]
