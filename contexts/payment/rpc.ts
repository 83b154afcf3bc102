import type { PaymentRpc } from '@tessera/contracts/rpc/payment'
import type { Deps } from './deps.ts'
import { paymentsOf } from './read.ts'
import { previewRefund, refundBooking, refundBookings } from './refund-booking.ts'

export function rpc(deps: Deps): PaymentRpc {
  return {
    charge_limits: async () => deps.providers.preferred.charge_limits,
    payments_of: ({ booking_ids }) => paymentsOf(deps, booking_ids),
    refund_preview: (input) => previewRefund(deps, input),
    refund_booking: (input) => refundBooking(deps, input),
    refund_bookings: ({ requests }) => refundBookings(deps, requests),
  }
}
