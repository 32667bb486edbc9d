import { useEffect, useState } from 'preact/hooks'

/** What the worker answers; undefined until it has. An answer that was overtaken by a later question is not shown. */
export function useAnswer<Answer>(ask: () => Promise<Answer>, about: readonly unknown[]): Answer | undefined {
  const [answer, setAnswer] = useState<Answer | undefined>(undefined)
  useEffect(() => {
    let overtaken = false
    ask().then(
      (value) => {
        if (!overtaken) setAnswer(() => value)
      },
      () => undefined,
    )
    return () => {
      overtaken = true
    }
  }, about)
  return answer
}
