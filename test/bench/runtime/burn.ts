/** Work on the CPU: so many turns of some 0.2 µs. Gives something that depends on each of them. */
export default function burn(turns: number): number {
  let state = turns
  for (let turn = 0; turn < turns * 100; turn++) state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
  return state % 1000
}
