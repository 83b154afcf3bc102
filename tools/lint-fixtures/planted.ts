// One fault a line; tools/lint.test.ts expects each of them, once.
export function anything(value: any): unknown {
  return value
}

export function surely(value: string | undefined): string {
  return value!
}

export function forgets(): void {
  Promise.resolve(1)
}

export function half(state: 'held' | 'sold'): string {
  switch (state) {
    case 'held':
      return 'held'
  }
  return ''
}

export function prints(): void {
  console.log('printed')
}

export default half
