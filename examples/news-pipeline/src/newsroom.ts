import { setTimeout as sleep } from 'node:timers/promises'
import type { Article } from './article.ts'

const ATTEMPTS = 4

export interface Summary {
  readonly summary: string
  readonly tokens: number
}

export interface Sentiment {
  /** From -1, gloomy, to 1, cheerful. */
  readonly score: number
  readonly tokens: number
}

export interface Keywords {
  readonly keywords: readonly string[]
  readonly tokens: number
}

export class HttpError extends Error {
  readonly status: number

  constructor(path: string, status: number) {
    super(`${path} answered ${status}`)
    this.name = 'HttpError'
    this.status = status
  }
}

/** Talks to the newsroom's services: the model, the archive, the search index and the subscribers. */
export class Newsroom {
  readonly #baseUrl: string

  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl
  }

  async fetchAll(): Promise<Article[]> {
    const response = await fetch(`${this.#baseUrl}/articles`)
    return (await response.json()) as Article[]
  }

  async summarise(article: Article): Promise<Summary> {
    return (await this.#ask('summary', article)) as Summary
  }

  async rate(article: Article): Promise<Sentiment> {
    return (await this.#ask('sentiment', article)) as Sentiment
  }

  async extractKeywords(article: Article): Promise<Keywords> {
    return (await this.#ask('keywords', article)) as Keywords
  }

  /** Starts an analysis of all articles and gives the address at which its progress can be asked for. */
  async startTrends(): Promise<string> {
    const { path } = (await this.send('POST', '/trends')) as { path: string }
    return this.#baseUrl + path
  }

  async send(method: 'POST' | 'PUT', path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(this.#baseUrl + path, { method, body: JSON.stringify(body ?? {}) })
    if (!response.ok) throw new HttpError(path, response.status)
    return response.json()
  }

  /** Asks the model; its rare failures are worth another try, being told to slow down is not. */
  async #ask(task: 'summary' | 'sentiment' | 'keywords', article: Article): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.send('POST', `/model/${task}`, article)
      } catch (error) {
        const again = error instanceof HttpError && error.status >= 500 && attempt < ATTEMPTS
        if (!again) throw error
      }
      await sleep(20 * attempt)
    }
  }
}
