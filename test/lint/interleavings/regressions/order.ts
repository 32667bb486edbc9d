import { load, total, client, results, mutex, limited, map, fillIfAbsent, program, type Regression } from './parts.ts'

/** Limiters, locks and shared waits: what comes in the order of asking. */
export const ORDER: readonly Regression[] = [
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
]
