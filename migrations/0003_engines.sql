-- Tables for several processes on one database and for other engines, and first answers kept short. New rows are
-- written in a shorter form that servers of version 2 cannot read; rows that are there are read as they are.
-- No server may run meanwhile.

-- Who may do what only one of several processes should do, until when; one that ran out is anybody's.
CREATE TABLE leases (
  name TEXT NOT NULL,
  holder TEXT NOT NULL,
  until BIGINT NOT NULL,
  CONSTRAINT leases_key PRIMARY KEY (name)
);

-- Every write to D1 leaves a token in its batch, by which it is found again when its answer was lost; a token of long
-- ago is deleted. An empty one is how a batch takes itself back. The other engines have transactions for both.
CREATE TABLE write_tokens (
  token TEXT NOT NULL,
  CONSTRAINT write_tokens_key PRIMARY KEY (token),
  CONSTRAINT write_tokens_expectation CHECK (token <> '')
);

-- What first answers have in common: all but the code and the id of the license is the same in thousands of them. The
-- number is given by the database.
CREATE TABLE answer_forms (
  form BIGINT NOT NULL,
  body TEXT NOT NULL,
  CONSTRAINT answer_forms_key PRIMARY KEY (form),
  CONSTRAINT answer_forms_body UNIQUE (body)
);

-- The first answer to the sale, when it is an answer form with the code of its time. All three, or none.
ALTER TABLE licenses ADD COLUMN answer_form BIGINT;
ALTER TABLE licenses ADD COLUMN answer_code TEXT;
ALTER TABLE licenses ADD COLUMN answer_fields TEXT;

-- Where a channel's marketplace is called, and as whom.
CREATE TABLE open_apis (
  channel TEXT NOT NULL,
  site TEXT NOT NULL,
  -- JSON: both halves of the credentials, sealed.
  sealed TEXT NOT NULL,
  since BIGINT NOT NULL,
  CONSTRAINT open_apis_key PRIMARY KEY (channel),
  CONSTRAINT open_apis_channel FOREIGN KEY (channel) REFERENCES channels (name)
);

-- Calls to marketplaces. One that is done stays, without what it said, so that it is never queued again.
CREATE TABLE outgoing_calls (
  id TEXT NOT NULL,
  channel TEXT NOT NULL,
  type TEXT NOT NULL,
  call_key TEXT NOT NULL,
  -- JSON of the call, sealed: it may hold a license text. NULL once it is done.
  sealed TEXT,
  at BIGINT NOT NULL,
  state TEXT NOT NULL,
  -- The next try; NULL unless it waits.
  due BIGINT,
  attempts BIGINT NOT NULL,
  -- What the last try failed with, and when.
  error TEXT,
  tried_at BIGINT,
  CONSTRAINT outgoing_calls_key PRIMARY KEY (id),
  CONSTRAINT outgoing_calls_occasion UNIQUE (channel, type, call_key),
  CONSTRAINT outgoing_calls_state CHECK (state IN ('waiting', 'done', 'dead')),
  CONSTRAINT outgoing_calls_due CHECK ((due IS NOT NULL) = (state = 'waiting'))
);
CREATE INDEX outgoing_calls_by_lane ON outgoing_calls (channel, type, due, id) WHERE due IS NOT NULL;
CREATE INDEX outgoing_calls_at ON outgoing_calls (at, id);
CREATE INDEX outgoing_calls_dead ON outgoing_calls (at, id) WHERE state = 'dead';
CREATE INDEX outgoing_calls_troubles ON outgoing_calls (channel, error, state, tried_at) WHERE error IS NOT NULL;

-- Every order line that a marketplace named in a call that did not sell a license at once, and what became of it: sales
-- are in licenses. Without a line of its own, the line of a change is its instance.
CREATE TABLE orders (
  channel TEXT NOT NULL,
  order_id TEXT NOT NULL,
  order_line TEXT NOT NULL,
  -- The call that named it: what it changes follows from that.
  cause TEXT NOT NULL,
  license_id TEXT,
  state TEXT NOT NULL,
  noted_at BIGINT NOT NULL,
  -- What the marketplace says of it; NULL until it is learnt. paid_until is NULL also where it has no end.
  learnt_at BIGINT,
  kind TEXT,
  ordered_at BIGINT,
  charging TEXT,
  paid_until BIGINT,
  marketplace_product TEXT,
  sku TEXT,
  quantity TEXT,
  CONSTRAINT orders_key PRIMARY KEY (order_id, order_line, channel),
  CONSTRAINT orders_cause CHECK (
    cause IN ('notice', 'opening', 'renewal', 'formal', 'changing_renewal', 'upgrade', 'cancellation')
  ),
  CONSTRAINT orders_state CHECK (state IN ('asked', 'parked', 'learnt', 'waiting', 'refused', 'applied')),
  CONSTRAINT orders_learnt CHECK (learnt_at IS NULL OR kind IS NOT NULL)
);
CREATE INDEX orders_noted ON orders (noted_at, order_id, order_line, channel);
CREATE INDEX orders_license ON orders (license_id, noted_at) WHERE license_id IS NOT NULL;
CREATE INDEX orders_waiting ON orders (noted_at, order_id, order_line, channel) WHERE state = 'waiting';

-- Licenses that a marketplace applied for on behalf of a device, and what became of each.
CREATE TABLE applications (
  license_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  -- The binding in hex; '' where the code is for any device.
  device TEXT NOT NULL,
  effective_at BIGINT NOT NULL,
  -- NULL: for as long as the license is paid.
  expires_at BIGINT,
  at BIGINT NOT NULL,
  state TEXT NOT NULL,
  -- Why it was refused.
  why TEXT,
  -- Of the code that was made, and the outgoing call that uploads it.
  code_digest TEXT,
  upload TEXT,
  CONSTRAINT applications_key PRIMARY KEY (license_id, event_id, device),
  CONSTRAINT applications_license FOREIGN KEY (license_id) REFERENCES licenses (id),
  CONSTRAINT applications_state CHECK (state IN ('waiting', 'made', 'refused')),
  CONSTRAINT applications_made CHECK ((code_digest IS NOT NULL AND upload IS NOT NULL) = (state = 'made'))
);
CREATE INDEX applications_waiting ON applications (at, license_id, event_id, device) WHERE state = 'waiting';

-- The codes made for one device each. The ordinal is the lock: two writers cannot both take the last place.
CREATE TABLE device_codes (
  license_id TEXT NOT NULL,
  digest TEXT NOT NULL,
  ordinal BIGINT NOT NULL,
  device TEXT NOT NULL,
  revision BIGINT NOT NULL,
  kid TEXT NOT NULL,
  bytes TEXT NOT NULL,
  at BIGINT NOT NULL,
  -- The first second in which it works no more; NULL: never.
  works_until BIGINT,
  CONSTRAINT device_codes_key PRIMARY KEY (license_id, digest),
  CONSTRAINT device_codes_place UNIQUE (license_id, ordinal),
  CONSTRAINT device_codes_license FOREIGN KEY (license_id) REFERENCES licenses (id)
);
CREATE INDEX device_codes_device ON device_codes (license_id, device, ordinal);

-- What a marketplace says of the enterprises that buy, by its kit. One row for each kind of entries of one enterprise,
-- which everyone who changes them writes first.
CREATE TABLE kit_parts (
  channel TEXT NOT NULL,
  kind TEXT NOT NULL,
  -- Empty before anything was bought.
  instance TEXT NOT NULL,
  tenant TEXT NOT NULL,
  -- When all of them were last replaced at once, by the marketplace's clock, Unix milliseconds; 0: never.
  replaced_at BIGINT NOT NULL,
  CONSTRAINT kit_parts_key PRIMARY KEY (channel, kind, instance, tenant),
  CONSTRAINT kit_parts_kind CHECK (kind IN ('tenant', 'application', 'user', 'department'))
);

CREATE TABLE kit_entries (
  -- A digest of what names it: that may be the name of a person.
  id TEXT NOT NULL,
  channel TEXT NOT NULL,
  kind TEXT NOT NULL,
  instance TEXT NOT NULL,
  tenant TEXT NOT NULL,
  -- JSON of what it says, sealed. NULL: deleted, and what is older than sent_at does not bring it back.
  sealed TEXT,
  -- By the marketplace's clock, Unix milliseconds.
  sent_at BIGINT NOT NULL,
  at BIGINT NOT NULL,
  CONSTRAINT kit_entries_key PRIMARY KEY (id),
  CONSTRAINT kit_entries_kind CHECK (kind IN ('tenant', 'application', 'user', 'department'))
);
CREATE INDEX kit_entries_part ON kit_entries (channel, kind, instance, tenant, id);

-- Codes that a marketplace made and this server keeps (License 2.0).
CREATE TABLE marketplace_codes (
  license_id TEXT NOT NULL,
  -- When software first asked for its license here; NULL while it was only met.
  activated_at BIGINT,
  -- When the marketplace last said what it is, and what it said.
  confirmed_at BIGINT,
  said TEXT,
  -- What a missed call had to be made up for last, and when.
  repaired TEXT,
  repaired_at BIGINT,
  -- When the marketplace is asked next; NULL when it never is again.
  due BIGINT,
  CONSTRAINT marketplace_codes_key PRIMARY KEY (license_id),
  CONSTRAINT marketplace_codes_license FOREIGN KEY (license_id) REFERENCES licenses (id)
);
CREATE INDEX marketplace_codes_due ON marketplace_codes (due) WHERE due IS NOT NULL;

UPDATE settings SET value = '3' WHERE name = 'schema_version';
