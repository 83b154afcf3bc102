import { expect, test } from 'vitest'
import { newId } from './ids.ts'
import { orderNumberOf } from './order-number.ts'

test('an order number is short and in characters that are not taken for one another', () => {
  expect(orderNumberOf('bk_01m8n7k8vsfgka5agf8hj57fk1')).toBe('8HJ5-7FK1')
  for (let n = 0; n < 200; n++)
    expect(orderNumberOf(newId('bk'))).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/)
})

test('orders of one moment have different numbers', () => {
  const numbers = Array.from({ length: 10_000 }, () => orderNumberOf(newId('bk', 1_790_000_000_000)))
  expect(new Set(numbers).size).toBe(numbers.length)
})

test('only a booking has an order number', () => {
  expect(() => orderNumberOf(newId('tkt'))).toThrow(TypeError)
})
