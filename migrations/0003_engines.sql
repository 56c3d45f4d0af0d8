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

UPDATE settings SET value = '3' WHERE name = 'schema_version';
