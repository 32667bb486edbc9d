import { basename } from 'node:path'
import { type Location, taskLocation } from '@forkline/trace'
import { beforeAll, describe, expect, it } from 'vitest'
import { cancellationsOf } from '../../../viewer/inspect/cancellations.ts'
import { scopesOf } from '../../../viewer/inspect/scopes.ts'
import type { Session } from '../../../viewer/worker/session.ts'
import { MISTAKEN, MISTAKEN_PIPELINE, type Recorded, recordPrograms } from '../../trace/patterns/programs.ts'
import { openViewer } from '../support/viewerPage.ts'
import { type Clue, type Mistake, MISTAKES } from './mistakes.ts'
import { notMarked, openSession } from './told.ts'

let program: Recorded
let session: Session

beforeAll(async () => {
  const programs = await recordPrograms([MISTAKEN_PIPELINE])
  program = programs.get(MISTAKEN) ?? expect.fail('It was not recorded')
  session = openSession(program.files)
}, 120_000)

function isAt(location: Location | null | undefined, mistake: Mistake): boolean {
  return location?.function === mistake.function && basename(location.file) === mistake.file
}

/** The tracks of a mistake's line. */
function tracksOf(mistake: Mistake): number[] {
  return [...session.tracks.list.keys()].filter((track) => isAt(session.tracks.list[track]?.location, mistake))
}

function look(clue: Clue, mistake: Mistake): void {
  const { trace, tracks } = session
  switch (clue.see) {
    case 'problem': {
      const listed = session.findings.filter(({ kind, location }) => kind === clue.kind && isAt(location, mistake))
      expect(listed).toHaveLength(1)
      expect(listed[0]?.message).toMatch(clue.says)
      expect(listed[0]?.tasks).toHaveLength(clue.tasks)
      // Each of its tasks can be shown.
      for (const task of listed[0]?.tasks ?? []) expect(session.find(task)).toMatchObject({ task })
      return
    }
    case 'track': {
      const found = tracksOf(mistake).map((track) => tracks.list[track])
      expect(found).toHaveLength(1)
      expect(found[0]).toMatchObject({ label: clue.label, scopes: clue.scopes })
      expect(found[0]?.lanes).toHaveLength(clue.lanes)
      return
    }
    case 'red requests': {
      const fetches = tracks.list.findIndex(({ label }) => label === 'fetch')
      const red = scopesOf(session, fetches)
        .flatMap((scope) => Array.from(session.scopeTasks.of(scope)))
        .filter((task) => trace.strings.at(trace.tasks.error.at(task)) === clue.error)
      expect(red).toHaveLength(program.answers[clue.answer] ?? 0)
      return
    }
    case 'ends out of order': {
      const mixed = tracksOf(mistake)
        .flatMap((track) => scopesOf(session, track))
        .filter((scope) => {
          const ends = Array.from(session.scopeTasks.of(scope), (task) => trace.tasks.end[task] ?? NaN)
          return ends.some((end, place) => end < (ends[place - 1] ?? -Infinity))
        })
      expect(mixed.length).toBeGreaterThan(0)
      return
    }
    case 'ran on': {
      const told = cancellationsOf(session).filter(({ cause, reason }) => cause === clue.after && clue.by.test(reason))
      expect(told).toHaveLength(1)
      const time = told[0]?.time ?? NaN
      const ranOn = Array.from({ length: trace.tasks.length }, (_, task) => task).filter(
        (task) =>
          isAt(taskLocation(trace, task), mistake)
          && (trace.tasks.start[task] ?? NaN) < time
          && (trace.tasks.end[task] ?? NaN) > time + clue.atLeast,
      )
      expect(ranOn.length).toBeGreaterThan(0)
      for (const task of ranOn) expect(session.find(task)).toMatchObject({ task })
    }
  }
}

describe.each(MISTAKES.map((mistake) => [mistake.function, mistake] as const))('%s gives itself away', (_, mistake) => {
  it.each(mistake.clues.map((clue) => [clue.see, clue] as const))('by its %s', (_, clue) => {
    look(clue, mistake)
  })
})

describe('the timeline of the mistaken pipeline', () => {
  it('lists no problem that is none of its mistakes', () => {
    const places = MISTAKES.map((mistake) => `${mistake.file} ${mistake.function}`)
    const others = session.findings
      // A busy machine may hold up the event loop; the summaries go on when one of them was refused.
      .filter(({ kind }) => kind !== 'blocked-event-loop')
      .filter(({ location }) => !places.includes(`${basename(location?.file ?? '')} ${location?.function ?? ''}`))
    expect(others.map(({ message }) => message)).toEqual([])
  })

  it('has a tick in the minimap for each failure and each leak', () => {
    expect(notMarked(session)).toEqual([])
  })

  it('shows that the front page asks for one thing after the other', () => {
    const { trace } = session
    const fetches = session.tracks.list.findIndex(({ label }) => label === 'fetch')
    const requests = scopesOf(session, fetches).flatMap((scope) => Array.from(session.scopeTasks.of(scope)))
    const notified = Math.min(
      ...requests
        .filter((task) => trace.strings.at(trace.tasks.name.at(task)).includes('/notifications'))
        .map((task) => trace.tasks.start[task] ?? NaN),
    )
    const before = requests.filter((task) => (trace.tasks.start[task] ?? NaN) < notified)
    // The articles, and three questions for each of ten of them, if none was asked again.
    expect(before.length).toBeGreaterThanOrEqual(31)
    expect(new Set(before.map((task) => session.find(task)?.lane))).toEqual(new Set([0]))
  })

  it('is on the page too: the problems with their lines, requests before promises, and the signal that was up', async () => {
    await using viewer = await openViewer()
    const [bytes = expect.fail('There is no recording')] = program.files
    await viewer.open(bytes)
    const { page } = viewer
    expect(await viewer.told()).toContainEqual(
      expect.objectContaining({ type: 'shown', tasks: session.trace.tasks.length }),
    )
    await page.locator('#fl-tab-problems').click()
    const problems = page.locator('.fl-problems li')
    await expect.poll(() => problems.count()).toBe(session.findings.length)
    const texts = await problems.allInnerTexts()
    for (const { message, location } of session.findings) {
      const line = location === null ? '' : `${basename(location.file)}:${String(location.line)}`
      expect(texts.some((text) => text.includes(message) && text.includes(line))).toBe(true)
    }
    await page.locator('#fl-tab-cancellation').click()
    await expect.poll(() => page.locator('.fl-panel').innerText()).toContain('because its time was up')
    // In the topmost row are requests: the many promises are folded, below all else.
    await page.locator('.fl-canvas').focus()
    await page.keyboard.press('ArrowDown')
    await expect
      .poll(() => page.locator('.fl-page > [aria-live]').innerText())
      .toMatch(/^(?:GET|POST) 127\.0\.0\.1:\d+\//u)
    expect(viewer.errors).toEqual([])
  })
})
