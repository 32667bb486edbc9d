interface Picture {
  readonly width: number
  readonly height: number
}

export default function area({ width, height }: Picture): number {
  return width * height
}

export async function describe(picture: Picture, call: { readonly index: number }): Promise<string> {
  return await Promise.resolve(`${String(call.index)}: ${String(picture.width)} by ${String(picture.height)}`)
}
