import ts from 'typescript'
import { sizeOf } from './boundedness.ts'
import { givenInProgram } from '../code/programCallers.ts'
import { References } from '../code/references.ts'
import type { Size } from './sizes.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/**
 * What the calls in the program tell of a list that a function is given:
 * - `open`: somebody gives as many as the outside world likes;
 * - `bounded`: all give a few;
 * - `unseen`: nobody calls it here, so that it is there for others;
 * - `unclear`: it is called, and nothing tells how many are given.
 */
export type Given =
  | { readonly kind: 'open'; readonly size: OpenSize }
  | { readonly kind: 'bounded' | 'unclear' }
  /** `isHandedOn` where the program gives the function to somebody who may call it. */
  | { readonly kind: 'unseen'; readonly isHandedOn: boolean }

type OpenSize = Extract<Size, { kind: 'open' }>

/** A caller, its caller, and the one that got the items from somewhere. */
const MAX_LEVELS = 3

/** How many items the callers of a function give for a parameter whose size nothing else tells. */
export function sizeByCallers(size: OpenSize, types: TypeQuestions, levels = 0): Given {
  const declaration = size.node as ts.Declaration
  const holder = ts.isBindingElement(declaration) ? ts.walkUpBindingElementsAndPatterns(declaration) : declaration
  const found = levels < MAX_LEVELS && ts.isParameter(holder) ? givenInProgram(holder, declaration, types) : undefined
  if (found === undefined) return UNCLEAR
  if (found.given.length === 0) return { kind: 'unseen', isHandedOn: found.isHandedOn }
  const sizes = found.given.map((argument) => sizeGiven(argument, types, levels))
  const open = sizes.find(({ kind }) => kind === 'open')
  if (open) return open
  return found.isAll && sizes.every(({ kind }) => kind === 'bounded') ? { kind: 'bounded' } : UNCLEAR
}

const UNCLEAR: Given = { kind: 'unclear' }

function sizeGiven(argument: ts.Expression, types: TypeQuestions, levels: number): Given {
  const size = sizeOf(argument, types, new References(argument.getSourceFile(), types))
  if (size.kind === 'bounded') return { kind: 'bounded' }
  if (size.kind === 'unknown' || size.source === 'field') return UNCLEAR
  return size.source === 'parameter' ? sizeByCallers(size, types, levels + 1) : { kind: 'open', size }
}
