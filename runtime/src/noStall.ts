/** Never made, since nothing looks. */
export class Probe {
  pass(): void {
    // Nobody is looked for.
  }
}

/** Stands in for the watch where its size matters more: in browsers. */
export class StallWatch {
  arm(): void {
    // Nothing is watched.
  }
}
