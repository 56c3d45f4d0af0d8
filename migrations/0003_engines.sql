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
CREATE INDEX outgoing_calls_next ON outgoing_calls (due) WHERE due IS NOT NULL;
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

UPDATE settings SET value = '3' WHERE name = 'schema_version';
