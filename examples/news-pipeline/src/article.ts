export interface Article {
  readonly id: string
  readonly title: string
  readonly text: string
}

export interface Enriched {
  readonly article: Article
  readonly summary: string
  readonly score: number
  readonly keywords: readonly string[]
}
