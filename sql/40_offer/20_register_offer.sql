/*
 * 20_register_offer: what a structure offers: register it, open sessions.
 */

-- The quality an offer starts with: the median of what has been measured in its
-- perimeter, or the neutral 0.5.  Never a raw mean; rounded as measured ones are.
CREATE FUNCTION inclusion.unmeasured_quality(perimeter text) RETURNS float8
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(floor(255 * percentile_cont(0.5) WITHIN GROUP (ORDER BY o.quality) + 0.5) / 255, 0.5)
  FROM inclusion_data.offer o
  WHERE o.perimeter = unmeasured_quality.perimeter AND o.quality_measured
$$;

-- register_offer: the facts of the place (position, accommodations, opening)
-- are copied from it; what is given wins.  Arguments are those of
-- inclusion.supply().  An offer on site without a position is kept as a draft
-- and never matched.  DigComp vectors enter in Pix, by the published crosswalk.
-- Returns the number of the offer.
CREATE FUNCTION inclusion.register_offer(
  name text, structure bigint, place bigint DEFAULT NULL,
  requires inclusion.competence_vector DEFAULT NULL, teaches inclusion.competence_vector DEFAULT NULL,
  longitude float8 DEFAULT NULL, latitude float8 DEFAULT NULL, remote boolean DEFAULT false,
  families text[] DEFAULT '{learn}', modes text[] DEFAULT '{}', audiences text[] DEFAULT '{}', only_for text[] DEFAULT '{}',
  accommodations text[] DEFAULT '{}', languages text[] DEFAULT '{fr}', slots text[] DEFAULT '{}',
  travels_within float8 DEFAULT 0, price float8 DEFAULT 0, valid daterange DEFAULT '(,)', open boolean DEFAULT true,
  capacity_kind text DEFAULT 'unknown', weekly_seats int DEFAULT NULL,
  programme text DEFAULT NULL, tour text DEFAULT NULL, declared_by text DEFAULT 'structure') RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here text;
  spot record;
  taught constant inclusion.competence_vector := inclusion.offered_in_pix(register_offer.teaches);
  required constant inclusion.competence_vector :=
    inclusion.offered_in_pix(inclusion.required_of_taught(register_offer.requires, register_offer.teaches));
  new_offer bigint;
  broken_table text;
  broken_column text;
  broken_rule text;
  broken_key text;
  advice text;
BEGIN
  PERFORM inclusion.require_registry(), inclusion.refuse_nir(name, programme, tour);
  SELECT s.perimeter INTO here FROM inclusion_data.structure s WHERE s.id = register_offer.structure;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'unknown structure %', structure
      USING ERRCODE = 'IN201', HINT = 'Register it with inclusion.register_structure(name, perimeter).';
  END IF;
  SELECT p.longitude, p.latitude INTO spot FROM inclusion_data.place p WHERE p.id = register_offer.place;
  IF NOT FOUND AND place IS NOT NULL THEN
    RAISE EXCEPTION 'unknown place %', place
      USING ERRCODE = 'IN201', HINT = 'Import it with inclusion.import_places(), or leave the place out and give a position.';
  END IF;
  IF 'learn' = ANY (families) AND (teaches IS NULL OR inclusion.framework(teaches) = 'digcomp' AND inclusion.assessed(taught) = 0) THEN
    RAISE EXCEPTION 'an offer to learn must say what it teaches'
      USING ERRCODE = 'IN201', HINT = 'Give teaches, e.g. pix{1.1=2,4.2=1}, or another family.';
  END IF;
  IF (capacity_kind = 'weekly') <> (weekly_seats IS NOT NULL) THEN
    RAISE EXCEPTION 'weekly_seats and capacity kind "%" do not go together', capacity_kind
      USING ERRCODE = 'IN201', HINT = 'Give weekly_seats with capacity_kind => ''weekly'', and only then.';
  END IF;
  INSERT INTO inclusion_data.offer AS o (perimeter, structure, place, name, programme, tour, declared_by,
    capacity_kind, weekly_seats, requires, teaches, longitude, latitude, remote, families, modes, audiences, only_for,
    accommodations, languages, slots, travels_within, quality, price, valid, open)
  VALUES (here, register_offer.structure, register_offer.place, register_offer.name, register_offer.programme,
    register_offer.tour, register_offer.declared_by, register_offer.capacity_kind, register_offer.weekly_seats,
    required, taught,
    coalesce(register_offer.longitude, spot.longitude), coalesce(register_offer.latitude, spot.latitude),
    register_offer.remote, register_offer.families, register_offer.modes, register_offer.audiences,
    register_offer.only_for, register_offer.accommodations, register_offer.languages, register_offer.slots,
    register_offer.travels_within, inclusion.unmeasured_quality(here), register_offer.price, register_offer.valid,
    register_offer.open)
  RETURNING o.id INTO new_offer;
  INSERT INTO inclusion_data.offer_structure (offer, structure, relation)
  VALUES (new_offer, register_offer.structure, 'carries');
  RETURN new_offer;
EXCEPTION WHEN integrity_constraint_violation THEN
  GET STACKED DIAGNOSTICS broken_table = TABLE_NAME, broken_column = COLUMN_NAME, broken_rule = CONSTRAINT_NAME,
                          broken_key = PG_EXCEPTION_DETAIL;
  RAISE EXCEPTION '%', inclusion.broken_message(SQLSTATE, SQLERRM, broken_key)
    USING ERRCODE = 'IN201', HINT = inclusion.broken_rule(broken_table, broken_column, broken_rule);
WHEN data_exception THEN
  -- no supply is made of these: its own words say why
  GET STACKED DIAGNOSTICS advice = PG_EXCEPTION_HINT;
  RAISE EXCEPTION '%', SQLERRM USING ERRCODE = 'IN201', HINT = coalesce(nullif(advice, ''), 'Give what inclusion.supply() takes: \df+ inclusion.supply.');
END
$$;

-- The perimeter of an offer or a session, IN202 if there is none.
CREATE FUNCTION inclusion.perimeter_of_session(session bigint) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here text;
BEGIN
  PERFORM inclusion.require_registry();
  SELECT s.perimeter INTO here FROM inclusion_data.session s WHERE s.id = perimeter_of_session.session;
  IF here IS NULL THEN
    RAISE EXCEPTION 'unknown session %', session
      USING ERRCODE = 'IN202', HINT = 'SELECT id, offer, starts_at FROM inclusion_data.session lists them.';
  END IF;
  RETURN here;
END
$$;

-- open_session: a dated session with its seats.  An offer whose seats were not
-- counted becomes one with seats.
CREATE FUNCTION inclusion.open_session(offer bigint, starts_at timestamptz, ends_at timestamptz, capacity int,
                                       place bigint DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  known record;
  new_session bigint;
  broken_table text;
  broken_column text;
  broken_rule text;
  broken_key text;
BEGIN
  PERFORM inclusion.require_registry();
  SELECT o.perimeter, o.place, o.capacity_kind INTO known FROM inclusion_data.offer o WHERE o.id = open_session.offer;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'unknown offer %', offer
      USING ERRCODE = 'IN202', HINT = 'Register it with inclusion.register_offer().';
  END IF;
  IF coalesce(capacity, -1) < 0 THEN
    RAISE EXCEPTION 'capacity % is not a number of seats', capacity
      USING ERRCODE = 'IN201', HINT = 'Give 0 or more seats.';
  END IF;
  IF ends_at <= starts_at THEN
    RAISE EXCEPTION 'session ends at %, not after its start at %', ends_at, starts_at
      USING ERRCODE = 'IN201', HINT = 'Give an end after the start.';
  END IF;
  IF known.capacity_kind IN ('unknown', 'drop_in') THEN
    UPDATE inclusion_data.offer o SET capacity_kind = 'seats' WHERE o.id = open_session.offer;
  END IF;
  INSERT INTO inclusion_data.session AS s (offer, perimeter, place, starts_at, ends_at, confirmed_on)
  VALUES (open_session.offer, known.perimeter, coalesce(open_session.place, known.place),
          open_session.starts_at, open_session.ends_at, inclusion.today(known.perimeter))
  RETURNING s.id INTO new_session;
  INSERT INTO inclusion_data.seat (session, capacity) VALUES (new_session, open_session.capacity);
  RETURN new_session;
EXCEPTION WHEN integrity_constraint_violation THEN
  GET STACKED DIAGNOSTICS broken_table = TABLE_NAME, broken_column = COLUMN_NAME, broken_rule = CONSTRAINT_NAME,
                          broken_key = PG_EXCEPTION_DETAIL;
  RAISE EXCEPTION '%', inclusion.broken_message(SQLSTATE, SQLERRM, broken_key)
    USING ERRCODE = 'IN201', HINT = inclusion.broken_rule(broken_table, broken_column, broken_rule);
END
$$;

COMMENT ON FUNCTION inclusion.unmeasured_quality(text) IS 'Qualité avant mesure : la médiane mesurée dans le périmètre, 0,5 à défaut.';
COMMENT ON FUNCTION inclusion.register_offer(text, bigint, bigint, inclusion.competence_vector, inclusion.competence_vector, float8, float8, boolean, text[], text[], text[], text[], text[], text[], text[], float8, float8, daterange, boolean, text, int, text, text, text) IS
  'Nouvelle offre : les faits du lieu y sont recopiés, ce qui est donné l''emporte ; rend son numéro.';
COMMENT ON FUNCTION inclusion.perimeter_of_session(bigint) IS 'Périmètre d''une séance : IN202 si elle n''existe pas.';
COMMENT ON FUNCTION inclusion.open_session(bigint, timestamptz, timestamptz, int, bigint) IS 'Nouvelle séance : une date et des places comptées.';
