import type { VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

/** Keeps the room of rows that are not there. Its height is set by script: style attributes are blocked. */
export function Space({ height }: { readonly height: number }): VNode {
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (element.current !== null) element.current.style.height = `${String(height)}px`
  }, [height])
  return <div ref={element} role="presentation" />
}
