/** Stands in for the watch where its size matters more: in browsers. */
export class StallWatch {
  arm(): void {
    // Nothing is watched.
  }
}
