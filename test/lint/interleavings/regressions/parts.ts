import type { Cell, Condition, Program, Shape, Statement } from '../program.ts'

/** A program on which a rule and the interleavings have disagreed, cut down to what showed it. */
export interface Regression {
  readonly name: string
  readonly program: Program
}

export const load = { kind: 'io', name: 'load', argument: { kind: 'item' }, mayFail: false } as const
export const connect = { ...load, name: 'connect' } as const

export const total: Cell = { name: 'total', kind: 'counter', home: 'captured' }
export const client: Cell = { name: 'client', kind: 'slot', home: 'object' }
export const ready: Cell = { name: 'ready', kind: 'flag', home: 'object' }
export const cache: Cell = { name: 'cache', kind: 'map', home: 'captured' }
export const results: Cell = { name: 'results', kind: 'list', home: 'captured' }
export const mutex: Cell = { name: 'mutex', kind: 'mutex', home: 'object' }

export const limited: Shape = { kind: 'limited', limit: 1 }
export const map: Shape = { kind: 'map' }

export const fillIfAbsent: Statement = { kind: 'assign', site: 1, cell: 'client', operator: '??=', value: connect }

export function not(of: Condition): Condition {
  return { kind: 'not', of }
}

export function program(shape: Shape, cells: readonly Cell[], body: readonly Statement[]): Program {
  const pairs = cells.find(({ kind }) => kind === 'list')?.name
  return { cells, isClass: false, functions: [{ name: 'run', exported: true, shape, body, pairs }] }
}
