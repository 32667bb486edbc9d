/** Buckets double: the first holds all up to 2^-6 ms, the last all from about 35 minutes. */
export const HISTOGRAM_FROM = -6
export const HISTOGRAM_BUCKETS = 28

/** Which bucket a duration falls into, in ms. */
export function bucketOf(duration: number): number {
  if (duration <= 0) return 0
  return Math.min(Math.max(Math.floor(Math.log2(duration)) - HISTOGRAM_FROM, 0), HISTOGRAM_BUCKETS - 1)
}

/** From when to when a bucket reaches, in ms. */
export function boundsOf(bucket: number): { readonly from: number; readonly to: number } {
  return {
    from: bucket === 0 ? 0 : 2 ** (bucket + HISTOGRAM_FROM),
    to: bucket === HISTOGRAM_BUCKETS - 1 ? Infinity : 2 ** (bucket + 1 + HISTOGRAM_FROM),
  }
}
