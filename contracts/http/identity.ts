/** Bodies of identity's operations: signing in, profiles, sessions, organizations and their teams. */
import { type Static, type TSchema, Type } from 'typebox'
import { idPattern } from '../ids.ts'

const closed = { additionalProperties: false } as const
const nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])

/** Ids in paths are any text: one that we never made is a 404, not a 400. */
const PathId = Type.String({ minLength: 1, maxLength: 64 })
const Time = Type.String({ format: 'date-time' })
/** What is an address is decided by one function with a sentence (422); this only bounds the work. */
const Email = Type.String({ minLength: 1, maxLength: 320 })
const Password = Type.String({ minLength: 1, maxLength: 256 })
const PersonName = Type.String({ maxLength: 1_000 })
const Token = Type.String({ minLength: 1, maxLength: 256 })

const OrganizationRole = Type.Union([Type.Literal('organizer'), Type.Literal('box_office'), Type.Literal('staff')])
const GlobalRole = Type.Union([Type.Literal('guest'), Type.Literal('attendee'), Type.Literal('admin')])
/** Null: all events of the organization. */
const EventIds = nullable(Type.Array(Type.String()))

/* signing in */

export const RegisterBody = Type.Object(
  // Many people have one name.
  { email: Email, password: Password, first_name: PersonName, last_name: Type.Optional(PersonName) },
  closed,
)
export type RegisterBody = Static<typeof RegisterBody>

export const LoginBody = Type.Object({ email: Email, password: Password, device_token: Type.Optional(Token) }, closed)
export type LoginBody = Static<typeof LoginBody>

export const GuestBody = nullable(Type.Object({}, closed))

/** Browser sessions send none: their refresh token is in a cookie. */
export const RefreshBody = nullable(Type.Object({ refresh_token: Type.Optional(Token) }, closed))
export type RefreshBody = Static<typeof RefreshBody>

/* people */

export const UserOrganization = Type.Object({
  id: Type.String(),
  name: Type.String(),
  role: OrganizationRole,
  event_ids: EventIds,
})

const user = {
  id: Type.String(),
  email: nullable(Type.String()),
  first_name: nullable(Type.String()),
  last_name: nullable(Type.String()),
  guest: Type.Boolean(),
  roles: Type.Array(GlobalRole),
  /** The first hundred; `GET /organizations` pages through all. */
  organizations: Type.Array(UserOrganization),
  created_at: Time,
}

export const UserBody = Type.Object(user)
export type UserBody = Static<typeof UserBody>

/** `csrf_token` for who came with a session cookie: a page that was reloaded has forgotten it. */
export const MeBody = Type.Object({ ...user, csrf_token: Type.Optional(Type.String()) })

/** A guest's bookings that are the account's now, and those that a limit per person left with the guest. */
export const AdoptedBookings = Type.Object({
  booking_ids: Type.Array(Type.String()),
  left_booking_ids: Type.Array(Type.String()),
})
export type AdoptedBookings = Static<typeof AdoptedBookings>

/** The tokens are in the body, or, with `X-Session: cookie`, in cookies that no script can read. */
export const SessionBody = Type.Object({
  user: UserBody,
  token_type: Type.Literal('Bearer'),
  /** Seconds that the access token lives. */
  expires_in: Type.Integer(),
  access_token: Type.Optional(Type.String()),
  refresh_token: Type.Optional(Type.String()),
  /** To be sent back as `X-CSRF-Token` with every write of a browser session. */
  csrf_token: Type.Optional(Type.String()),
  /** To be sent with the next log-in from this device: it is let in while strangers have to wait. */
  device_token: Type.Optional(Type.String()),
  /** After signing in or up with a guest's session. */
  adopted: Type.Optional(AdoptedBookings),
})
export type SessionBody = Static<typeof SessionBody>

export const UpdateMeBody = Type.Object(
  { first_name: Type.Optional(PersonName), last_name: Type.Optional(PersonName) },
  closed,
)
export type UpdateMeBody = Static<typeof UpdateMeBody>

/* sessions */

export const SessionParams = Type.Object({ session_id: PathId })

export const SessionItem = Type.Object({
  id: Type.String(),
  /** The one that asks. */
  current: Type.Boolean(),
  created_at: Time,
  last_used_at: Time,
  expires_at: Time,
  ip: Type.String(),
  user_agent: nullable(Type.String()),
})

/* organizations */

export const OrganizationParams = Type.Object({ organization_id: PathId })

export const CreateOrganizationBody = Type.Object({ name: Type.String({ minLength: 1, maxLength: 200 }) }, closed)
export type CreateOrganizationBody = Static<typeof CreateOrganizationBody>

/** An organization with the asking person's right in it. */
export const OrganizationBody = Type.Object({
  id: Type.String(),
  name: Type.String(),
  role: OrganizationRole,
  event_ids: EventIds,
  /** False where an admin has yet to approve it: it may draft, but not publish. */
  approved: Type.Boolean(),
  created_at: Time,
})
export type OrganizationBody = Static<typeof OrganizationBody>

export const ApprovalQuery = {
  state: Type.Optional(Type.Union([Type.Literal('pending'), Type.Literal('approved')])),
}

/** An organization as an admin sees it. `approved_at` null: it waits for approval. */
export const FoundedOrganization = Type.Object({
  id: Type.String(),
  name: Type.String(),
  created_by: Type.String(),
  /** Whom to ask before approving; null for an account without an address. */
  created_by_email: Type.Union([Type.String(), Type.Null()]),
  created_at: Time,
  approved_at: Type.Union([Time, Type.Null()]),
})
export type FoundedOrganization = Static<typeof FoundedOrganization>

/** Adds an account to the team, or gives a member another right. Without `event_ids`: for all events. */
export const AddMemberBody = Type.Object(
  {
    email: Email,
    role: OrganizationRole,
    event_ids: Type.Optional(
      nullable(Type.Array(Type.String({ pattern: idPattern('evt') }), { minItems: 1, maxItems: 200 })),
    ),
  },
  closed,
)
export type AddMemberBody = Static<typeof AddMemberBody>

export const InvitationParams = Type.Object({ token: Type.String({ minLength: 1, maxLength: 128 }) })
export const OpenInvitationParams = Type.Object({ organization_id: PathId, invitation_id: PathId })
export const MemberParams = Type.Object({ organization_id: PathId, user_id: PathId })

/** An invitation as told to whoever made it. It says nothing about the person; until it is mailed, its link is answered. */
export const InvitationBody = Type.Object({ id: Type.String(), invitation_url: Type.String(), expires_at: Time })

/** An invitation that waits for an answer, as the organization sees it: what it typed, nothing about the person. */
export const OpenInvitation = Type.Object({
  id: Type.String(),
  email: Type.String(),
  role: OrganizationRole,
  event_ids: EventIds,
  invited_by: Type.String(),
  created_at: Time,
  expires_at: Time,
})
export type OpenInvitation = Static<typeof OpenInvitation>

/** The right that came with an accepted invitation. */
export const AcceptedInvitation = Type.Object({
  organization_id: Type.String(),
  role: OrganizationRole,
  event_ids: EventIds,
})

/** Names are null until the person has accepted an invitation: adding an address must not tell who owns it. */
export const MemberBody = Type.Object({
  user_id: Type.String(),
  email: nullable(Type.String()),
  first_name: nullable(Type.String()),
  last_name: nullable(Type.String()),
  role: OrganizationRole,
  event_ids: EventIds,
  created_at: Time,
})
export type MemberBody = Static<typeof MemberBody>

/* keys */

/** A JSON Web Key Set (RFC 7517) of the public keys that access tokens are verified with. */
export const JwksBody = Type.Object({
  keys: Type.Array(
    Type.Object({
      kty: Type.String(),
      kid: Type.String(),
      alg: Type.String(),
      use: Type.String(),
      n: Type.String(),
      e: Type.String(),
    }),
  ),
})
