import type ts from 'typescript'

/** One state of a file's text. It knows what changed since an earlier state, so that TypeScript reparses only that. */
export class TextSnapshot implements ts.IScriptSnapshot {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  getText(start: number, end: number): string {
    return start === 0 && end === this.text.length ? this.text : this.text.slice(start, end)
  }

  getLength(): number {
    return this.text.length
  }

  /** The one range outside which both texts agree; `undefined`, which means "parse anew", for a foreign snapshot. */
  getChangeRange(old: ts.IScriptSnapshot): ts.TextChangeRange | undefined {
    if (!(old instanceof TextSnapshot)) return undefined
    const before = old.text
    const after = this.text
    const shorter = Math.min(before.length, after.length)
    let start = 0
    while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++
    let tail = 0
    const most = shorter - start
    while (tail < most && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) {
      tail++
    }
    return { span: { start, length: before.length - tail - start }, newLength: after.length - tail - start }
  }
}
