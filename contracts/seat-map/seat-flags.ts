/** Bits of a seat in the flags column. */
export const seatFlags = { accessible: 1, obstructed: 2 } as const
