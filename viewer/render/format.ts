/** A time as the axis shows it: as many digits as tell neighbours apart. */
export function timeLabel(ms: number, step: number): string {
  const [unit, size] = ms >= 1000 && step >= 1 ? ['s', 1000] : step >= 0.1 || ms === 0 ? ['ms', 1] : ['µs', 0.001]
  const digits = Math.max(0, Math.ceil(-Math.log10(step / size) - 1e-9))
  return `${(ms / size).toFixed(Math.min(digits, 6))} ${unit}`
}

/** A duration with three digits that matter: `1.23 s`, `45.6 ms`, `789 µs`. */
export function duration(ms: number): string {
  if (ms >= 60_000) return `${String(Math.floor(ms / 60_000))} min ${String(Math.floor((ms % 60_000) / 1000))} s`
  if (ms >= 1000) return `${threeDigits(ms / 1000)} s`
  if (ms >= 1 || ms === 0) return `${threeDigits(ms)} ms`
  return `${threeDigits(ms * 1000)} µs`
}

function threeDigits(value: number): string {
  if (value === 0) return '0'
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2)
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`
}
