import { rule } from '../../../lint/rules/no-stale-response.ts'
import { testRule } from '../harness/ruleTester.ts'

const REACT = `declare function useState<T>(value: T): [T, (value: T) => void]
declare function useEffect(effect: () => void | (() => void), inputs?: readonly unknown[]): void
declare function search(query: string, options?: { signal: AbortSignal }): Promise<string[]>
`

const component = (effect: string): string => `${REACT}export function useRows(query: string, open: () => void) {
  const [rows, setRows] = useState<string[]>([])
  const [loading, setLoading] = useState(false)
  ${effect}
  return { rows, loading, open }
}`

testRule(rule, {
  valid: [
    {
      name: 'a constant that has nothing to do with the input',
      level: 'possible',
      code: component(
        `useEffect(() => { const first = 'a'; search(first).then((found) => { setRows(found) }) }, [query])`,
      ),
    },
    {
      name: 'a failure, one of whose properties is called like the answer',
      level: 'possible',
      code: component(
        `useEffect(() => { const load = async () => { try { const found = await search(query); if (found.length > 9) open() }
    catch (failure) { setRows((failure as any).found) } }; void load() }, [query])`,
      ),
    },
    {
      name: 'functions of the server, which the framework asks one after another',
      code: `import { findRows } from './actions.ts'\n${component(
        `useEffect(() => { const load = async () => { setRows(await findRows(query)) }; void load() }, [query])
  const [typed, setTyped] = useState('')
  useEffect(() => { void findRows(typed).then((found) => { setRows(found) }) }, [typed])
  void setTyped`,
      )}`,
      files: {
        './actions.ts': `'use server'\nexport async function findRows(query: string): Promise<string[]> { return [query] }`,
      },
    },
    {
      name: 'a job of a queue, which runs when the one before it is over',
      code: component(
        `const jobs = useRef(new Queue())
  useEffect(() => { jobs.current.push(async () => { setRows(await search(query)) }) }, [query])`,
      ).replace(
        'export',
        `declare class Queue { push(job: () => Promise<void>): void }
declare function useRef<T>(value: T): { current: T }
export`,
      ),
    },
    {
      name: 'a clean-up that makes it ignore the answer',
      code: component(
        `useEffect(() => { let ignore = false; const load = async () => { const found = await search(query); if (!ignore) setRows(found) }; void load(); return () => { ignore = true } }, [query])`,
      ),
    },
    {
      name: 'a request that is aborted',
      code: component(
        `useEffect(() => { const controller = new AbortController(); void (async () => { setRows(await search(query, { signal: controller.signal })) })(); return () => { controller.abort() } }, [query])`,
      ),
    },
    {
      name: 'an effect that runs once',
      code: component(`useEffect(() => { void (async () => { setRows(await search('all')) })() }, [])`),
    },
    {
      name: 'a request that no input changes',
      code: component(`useEffect(() => { void (async () => { setRows(await search('all')) })() }, [query])`),
    },
    {
      name: 'dependencies that are functions only',
      code: component(`useEffect(() => { void (async () => { open(); setRows(await search('all')) })() }, [open])`),
    },
    {
      name: 'a state that is not the answer',
      code: component(`useEffect(() => { void (async () => { await search(query); setLoading(false) })() }, [query])`),
    },
    {
      name: 'set before the await',
      code: component(`useEffect(() => { void (async () => { setRows([query]); await search(query) })() }, [query])`),
    },
    {
      name: 'the answer is looked at for who asked',
      code: component(
        `let latest = 0; useEffect(() => { void (async () => { const mine = ++latest; const found = await search(query); if (mine !== latest) return; setRows(found) })() }, [query])`,
      ),
    },
    {
      name: 'a handler of one shot',
      filename: 'a.tsx',
      code: `${REACT}declare namespace JSX { interface IntrinsicElements { button: object } }
      export function View() { const [rows, setRows] = useState<string[]>([]); return <button onClick={async () => { setRows(await search('all')) }}>{rows}</button> }`,
    },
    {
      name: 'a function that is called set… and sets no state',
      code: `${REACT}declare function setRows(rows: string[]): void\nexport function useRows(query: string) { useEffect(() => { void (async () => { setRows(await search(query)) })() }, [query]) }`,
    },
    {
      name: 'a function among the inputs, by its name, where no type tells',
      code: `declare const useState: any, useEffect: any
      export function Log({ fetchRows }: any) { const [rows, setRows] = useState([]); useEffect(() => { void (async () => { setRows(await fetchRows()) })() }, [fetchRows]); return rows }`,
    },
    {
      name: 'a watcher with a clean-up',
      code: `declare function ref<T>(value: T): { value: T }
      declare function watch<T>(source: () => T, callback: (value: T, old: T, onCleanup: (stop: () => void) => void) => void): void
      declare function search(query: string): Promise<string[]>
      const rows = ref<string[]>([])
      watch(() => 'a', async (query, _, onCleanup) => { let stop = false; onCleanup(() => { stop = true }); const found = await search(query); if (!stop) rows.value = found })`,
    },
  ],
  invalid: [
    {
      name: 'the input goes by the name of a constant, and is a field of a form',
      code: component(
        `const form = useFormik({ place: query })
  useEffect(() => { const place = form.values.place; if (place) search(place).then((found) => { setRows(found) }) }, [form.values.place])`,
      ).replace('export', 'declare function useFormik<T>(values: T): { values: T }\nexport'),
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Ignore the answer when the effect has run again',
              output: component(
                `const form = useFormik({ place: query })
  useEffect(() => { let ignore = false; const place = form.values.place; if (place) search(place).then((found) => { if (ignore) return; setRows(found) }); return () => { ignore = true } }, [form.values.place])`,
              ).replace('export', 'declare function useFormik<T>(values: T): { values: T }\nexport'),
            },
          ],
        },
      ],
    },
    {
      name: 'the input goes by the name of a parameter',
      code: component(
        `useEffect(() => { async function load(text: string) { const found = await search(text); setRows(found) } void load(query) }, [query])`,
      ),
      errors: [
        {
          level: 'likely',
          related: ['The request whose answer may be overtaken.'],
          suggestions: [
            {
              title: 'Ignore the answer when the effect has run again',
              output: component(
                `useEffect(() => { let ignore = false; async function load(text: string) { const found = await search(text); if (ignore) return; setRows(found) } void load(query); return () => { ignore = true } }, [query])`,
              ),
            },
          ],
        },
      ],
    },
    {
      name: 'a list that the request fills on its way',
      code: component(
        `useEffect(() => { async function load(words: string[]) { const all: string[] = []; await Promise.all(words.map(async (word) => { all.push(...(await search(word))) })); setRows(all) } void load(query.split(' ')) }, [query])`,
      ),
      errors: [
        {
          level: 'likely',
          related: ['The request whose answer may be overtaken.'],
          suggestions: [
            {
              title: 'Ignore the answer when the effect has run again',
              output: component(
                `useEffect(() => { let ignore = false; async function load(words: string[]) { const all: string[] = []; await Promise.all(words.map(async (word) => { all.push(...(await search(word))) })); if (ignore) return; setRows(all) } void load(query.split(' ')); return () => { ignore = true } }, [query])`,
              ),
            },
          ],
        },
      ],
    },
    {
      name: 'an async function in an effect',
      code: component(`useEffect(() => {
    const load = async () => {
      const found = await search(query)
      setRows(found)
    }
    void load()
  }, [query])`),
      errors: [
        {
          level: 'likely',
          message:
            '`search(query)` is asked anew each time the effect runs, and answers may come in another order: an older one then replaces the newer one here.',
          related: ['The request whose answer may be overtaken.'],
          suggestions: [
            {
              title: 'Ignore the answer when the effect has run again',
              output: component(`useEffect(() => {
    let ignore = false
    const load = async () => {
      const found = await search(query)
      if (ignore) return
      setRows(found)
    }
    void load()
    return () => { ignore = true }
  }, [query])`),
            },
          ],
        },
      ],
    },
    {
      name: 'state of a hook whose package is not installed',
      code: `declare const useState: any, useEffect: any
declare function page(offset: number): Promise<string[]>
export function Log() {
  const [offset, setOffset] = useState(0)
  const [rows, setRows] = useState([])
  useEffect(() => {
    async function load() { setRows(await page(offset)) }
    void load()
  }, [offset])
  return { rows, setOffset }
}`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'a prop that the file gives the state of another component',
      filename: 'a.tsx',
      code: `${REACT}declare namespace JSX { interface IntrinsicElements { p: object; input: object } }
function List({ text }: { text: string }) {
  const [rows, setRows] = useState<string[]>([])
  useEffect(() => { void (async () => { setRows(await search(text)) })() }, [text])
  return <p>{rows}</p>
}
export function View() { const [typed, setTyped] = useState(''); return <p><input onChange={() => { setTyped('a') }} /><List text={typed} /></p> }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'state that is only set when a field has been left',
      filename: 'a.tsx',
      level: 'possible',
      code: `${REACT}declare namespace JSX { interface IntrinsicElements { p: object; input: object } }
export function View() {
  const [key, setKey] = useState('')
  const [rows, setRows] = useState<string[]>([])
  useEffect(() => { void (async () => { setRows(await search(key)) })() }, [key])
  return <p><input onBlur={() => { setKey('a') }} />{rows}</p>
}`,
      errors: [{ level: 'possible' }],
    },
    {
      name: 'a prop of which the file does not say that it changes',
      level: 'possible',
      code: `${REACT}export function useList({ text }: { text: string }) {
  const [rows, setRows] = useState<string[]>([])
  useEffect(() => { void (async () => { setRows(await search(text)) })() }, [text])
  return rows
}`,
      errors: [{ level: 'possible' }],
    },
    {
      name: 'a check around the request says nothing of the answer',
      code: component(
        `useEffect(() => { async function send() { if (query !== '') { setRows(await search(query)) } } void send() }, [query])`,
      ),
      errors: [{ level: 'likely' }],
    },
    {
      name: 'called on the spot, with the await in the argument',
      code: component(`useEffect(() => { void (async () => { setRows(await search(query)) })() }, [query])`),
      errors: [{ level: 'likely' }],
    },
    {
      name: 'with then, and a setter by its name',
      code: component(`useEffect(() => { search(query).then(setRows, () => undefined) }, [query])`),
      errors: [{ level: 'likely' }],
    },
    {
      name: 'with then, and a callback',
      code: component(`useEffect(() => {
    search(query).then((found) => {
      setRows(found.slice())
    }, () => undefined)
  }, [query])`),
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Ignore the answer when the effect has run again',
              output: component(`useEffect(() => {
    let ignore = false
    search(query).then((found) => {
      if (ignore) return
      setRows(found.slice())
    }, () => undefined)
    return () => { ignore = true }
  }, [query])`),
            },
          ],
        },
      ],
    },
    {
      name: 'search as you type',
      filename: 'a.tsx',
      code: `${REACT}declare namespace JSX { interface IntrinsicElements { input: { onChange: (event: { target: { value: string } }) => void } } }
export function View() {
  const [rows, setRows] = useState<string[]>([])
  console.log(rows)
  return <input onChange={async (event) => { setRows(await search(event.target.value)) }} />
}`,
      errors: [{ level: 'likely', message: /asked anew with every key/u }],
    },
    {
      name: 'a watcher, in JavaScript',
      filename: 'view.js',
      code: `import { ref, watch, search } from './vue.js'
const rows = ref([])
watch(() => location.hash, async (query) => { rows.value = await search(query) })`,
      files: {
        './vue.js': `export const ref = (value) => ({ value })\nexport function watch(source, callback) { callback(source()) }\nexport async function search(query) { return [query] }`,
      },
      errors: [{ level: 'likely' }],
    },
    {
      name: 'possible: a prop, which is most often the same for as long as its component lives',
      level: 'possible',
      code: `${REACT}export function useRows(id: string) { const [rows, setRows] = useState<string[]>([]); useEffect(() => { search(id).then(setRows, () => undefined) }, [id]); return rows }`,
      errors: [{ level: 'possible' }],
    },
    {
      name: 'state of the component',
      code: `${REACT}export function useRows() { const [id, setId] = useState('a'); const [rows, setRows] = useState<string[]>([]); useEffect(() => { search(id).then(setRows, () => undefined) }, [id]); return { rows, setId } }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'what the address says, or else a prop',
      code: `${REACT}declare function useParams(): { id?: string }
export function useRows(given: string) { const { id: asked } = useParams(); const id = asked ?? given; const [rows, setRows] = useState<string[]>([]); useEffect(() => { search(id).then(setRows, () => undefined) }, [id]); return rows }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'possible: one of two props',
      level: 'possible',
      code: `${REACT}export function useRows(asked: string | undefined, given: string) { const id = asked ?? given; const [rows, setRows] = useState<string[]>([]); useEffect(() => { search(id).then(setRows, () => undefined) }, [id]); return rows }`,
      errors: [{ level: 'possible' }],
    },
  ],
})
