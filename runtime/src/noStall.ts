/** Whether anybody looks: what is done for the watch alone, minifiers take out. */
export const WATCHES: boolean = false

/** Stands in for the watch where its size matters more: in browsers. */
export class StallWatch {
  arm(): void {
    // Nothing is watched.
  }
}
