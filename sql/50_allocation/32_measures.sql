/*
 * 32_measures: what a night did, in numbers.  Counts of people are for those
 * in charge: what is published stands in pilotage.
 */

-- A number counted over part of the people would be wrong and look right: who
-- does not see everybody of a run gets an error.
CREATE FUNCTION inclusion.require_whole_run(run bigint) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  known record;
BEGIN
  PERFORM inclusion.require_registry();
  SELECT r.state, (r.counters ->> 'people')::bigint AS people INTO known FROM inclusion_data.run r WHERE r.id = require_whole_run.run;
  IF NOT FOUND OR known.people IS NULL THEN
    RAISE EXCEPTION 'run % was not computed', run
      USING ERRCODE = 'IN311', HINT = 'SELECT id, as_of, state FROM inclusion_data.run lists them.';
  END IF;
  IF known.people <> (SELECT count(*) FROM inclusion_data.run_candidate c WHERE c.run = require_whole_run.run) THEN
    RAISE EXCEPTION 'run % examined people whom you may not see, or who were removed since', run
      USING ERRCODE = 'insufficient_privilege', HINT = 'The lead of all its perimeters may ask, as long as retention keeps the night.';
  END IF;
END
$$;

-- The run asked for, or the last published one.
CREATE FUNCTION inclusion.resolve_run(run bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  last bigint := run;
BEGIN
  IF last IS NULL THEN
    SELECT a.run INTO last FROM inclusion_data.active_list_pointer a ORDER BY a.published_at DESC, a.run DESC LIMIT 1;
  END IF;
  PERFORM inclusion.require_whole_run(last);
  RETURN last;
END
$$;

-- allocation_cutoffs: what each offer gave.  One row an offer (public NULL) and
-- one a public it reserves places for.
--   capacity      places there were to give, of them those reserved
--   received      people, of them those on reserved places
--   cutoff_class, cutoff_rank   of the last received; for a public, of those whom
--                 one of it could have replaced
--   tension       what one more place would have brought, against the policy
CREATE FUNCTION inclusion.allocation_cutoffs(run bigint)
RETURNS TABLE (offer bigint, name text, public text, capacity int, received bigint, cutoff_class int, cutoff_rank bigint, tension float8)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT o.offer, f.name, NULL, o.capacity, o.received, o.cutoff_class, o.cutoff_rank,
         CASE WHEN o.place_worth IS NOT NULL THEN least(o.place_worth / k.tension_reference, 1) END
  FROM inclusion_data.run_offer o
  LEFT JOIN inclusion_data.offer f ON f.id = o.offer
  LEFT JOIN inclusion.night_policies(allocation_cutoffs.run) k ON k.perimeter = f.perimeter
  WHERE o.run = allocation_cutoffs.run
  UNION ALL
  SELECT o.offer, f.name, a.audience, o.reserves[a.n],
         (SELECT count(*) FROM inclusion_data.run_result d WHERE d.run = o.run AND d.offer = o.offer AND d.reserved_for = a.audience),
         t.cutoff_class, t.cutoff_rank, NULL
  FROM inclusion_data.run_offer o
  JOIN inclusion.night_publics(allocation_cutoffs.run) a ON o.reserves[a.n] > 0
  LEFT JOIN inclusion_data.offer f ON f.id = o.offer
  LEFT JOIN inclusion_data.run_cutoff t ON t.run = o.run AND t.offer = o.offer AND t.categories = a.flag
  WHERE o.run = allocation_cutoffs.run
  ORDER BY 1, 3 NULLS FIRST
$$;

-- compare_allocations: whose outcome two runs tell apart, and how.  Better and
-- worse compare the gap between need and offer.
CREATE FUNCTION inclusion.compare_allocations(run_a bigint, run_b bigint)
RETURNS TABLE (perimeter text, beneficiary bigint, change text, outcome_a text, reason_a text, offer_a bigint,
               outcome_b text, reason_b text, offer_b bigint)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
BEGIN
  PERFORM inclusion.require_whole_run(run_a), inclusion.require_whole_run(run_b);
  RETURN QUERY
  SELECT coalesce(a.perimeter, b.perimeter), coalesce(a.beneficiary, b.beneficiary),
         CASE WHEN a.perimeter IS NULL THEN 'joined'
              WHEN b.perimeter IS NULL THEN 'left'
              WHEN NOT a.placed AND b.placed THEN 'gained'
              WHEN a.placed AND NOT b.placed THEN 'lost'
              WHEN NOT a.placed OR a.offer = b.offer THEN 'reason'
              WHEN a.cost > b.cost THEN 'better'
              WHEN a.cost < b.cost THEN 'worse'
              ELSE 'moved' END,
         a.outcome, a.reason, a.offer, b.outcome, b.reason, b.offer
  FROM (SELECT d.*, d.outcome IN ('proposed', 'held') AS placed FROM inclusion_data.run_result d WHERE d.run = run_a) a
  FULL JOIN (SELECT d.*, d.outcome IN ('proposed', 'held') AS placed FROM inclusion_data.run_result d WHERE d.run = run_b) b
    ON b.perimeter = a.perimeter AND b.beneficiary = a.beneficiary
  WHERE a.perimeter IS NULL OR b.perimeter IS NULL OR a.outcome <> b.outcome OR a.reason <> b.reason
     OR coalesce(a.offer, 0) <> coalesce(b.offer, 0)
  ORDER BY 1, 2;
END
$$;

-- What humans did of a run's proposals: of those that a named person has acted
-- on, those that went another way than proposed: another session, declined,
-- paused or withdrawn by a person.
CREATE FUNCTION inclusion.human_changes(run bigint, OUT acted bigint, OUT changed bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(*), count(*) FILTER (WHERE h.turned OR p.session <> d.session)
  FROM inclusion_data.proposal p
  JOIN inclusion_data.run_result d ON d.run = p.run AND d.perimeter = p.perimeter AND d.beneficiary = p.beneficiary
  JOIN LATERAL (SELECT bool_or(s.to_state IN ('declined', 'paused', 'withdrawn')) AS turned
                FROM inclusion_data.proposal_step s
                WHERE s.proposal = p.id AND s.perimeter = p.perimeter AND s.agent_kind = 'person' HAVING count(*) > 0) h ON true
  WHERE p.run = human_changes.run
$$;

-- allocation_metrics: what a night did.  People by outcome, grade and reason,
-- each reason with what would change it; then what concerns the whole.
--   price_of_fairness   share of the best total of match, proved, that the
--                       priorities cost; and how many people fewer are placed;
--                       NULL, and the reason why, where it was not measured
--   reserves_unmet      places reserved that no one of their public holds
--   lists_exhausted     people whose list was lengthened, and in vain
--   changed_by_humans   share of the proposals acted on that went another way
CREATE FUNCTION inclusion.allocation_metrics(run bigint)
RETURNS TABLE (metric text, grade int, reason text, value numeric, label text, what_would_help text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
DECLARE
  best jsonb;
  unmeasured record;
  people record;
BEGIN
  PERFORM inclusion.require_whole_run(run);
  SELECT r.counters -> 'yardstick' INTO best FROM inclusion_data.run r WHERE r.id = allocation_metrics.run;
  SELECT l.code, l.unlock INTO unmeasured FROM inclusion_data.outcome_reason l WHERE l.code = best ->> 'not_measured' AND l.kind = 'yardstick';

  RETURN QUERY
  SELECT CASE d.outcome WHEN 'proposed' THEN 'placed' ELSE d.outcome END, c.grade, d.reason, count(*)::numeric, l.label, l.unlock
  FROM inclusion_data.run_result d
  JOIN inclusion_data.run_candidate c ON c.run = d.run AND c.perimeter = d.perimeter AND c.beneficiary = d.beneficiary
  JOIN inclusion_data.outcome_reason l ON l.code = d.reason
  WHERE d.run = allocation_metrics.run
  GROUP BY d.outcome, c.grade, d.reason, l.label, l.unlock
  ORDER BY array_position('{proposed,oriented,held,waiting}', d.outcome), c.grade, d.reason;

  SELECT count(*) FILTER (WHERE d.outcome IN ('proposed', 'held')) AS placed,
         count(*) FILTER (WHERE d.outcome NOT IN ('proposed', 'held') AND cardinality(c.offers) > k.list_length) AS exhausted
  INTO people
  FROM inclusion_data.run_candidate c
  JOIN inclusion_data.run_result d ON d.run = c.run AND d.perimeter = c.perimeter AND d.beneficiary = c.beneficiary
  JOIN inclusion.night_policies(allocation_metrics.run) k ON k.perimeter = c.perimeter
  WHERE c.run = allocation_metrics.run AND c.rank IS NOT NULL;

  RETURN QUERY
  SELECT v.metric, NULL::int, v.reason, v.value, v.label, v.help
  FROM (VALUES
    ('price_of_fairness', unmeasured.code, round(1 - (best ->> 'given_score')::numeric / nullif((best ->> 'score_bound')::numeric, 0), 6),
     'Part du meilleur accord possible laissée pour respecter les priorités', coalesce(unmeasured.unlock, 'Ouvrir des places ; le tableau des tensions dit où.')),
    ('fewer_placed', unmeasured.code, (best ->> 'placed')::numeric - people.placed,
     'Personnes placées en moins que si seul comptait l''accord total', coalesce(unmeasured.unlock, 'Allonger les listes, ou ouvrir des places.')),
    ('reserves_unmet', NULL, (SELECT coalesce(sum((SELECT sum(u) FROM unnest(o.reserves) u) - s.filled), 0)
                        FROM inclusion.reserve_standing(allocation_metrics.run) s
                        JOIN inclusion_data.run_offer o ON o.run = allocation_metrics.run AND o.offer = s.offer WHERE s.categories = 0),
     'Places réservées rendues à tous, faute de personnes de leur public', 'Aller au-devant de ces publics, ou revoir la part réservée.'),
    ('lists_exhausted', NULL, people.exhausted::numeric,
     'Personnes dont la liste, prolongée, n''a rien donné', 'Élargir avec elles la distance, les créneaux ou le mode.'),
    ('changed_by_humans', NULL, (SELECT round(h.changed::numeric / nullif(h.acted, 0), 6) FROM inclusion.human_changes(allocation_metrics.run) h),
     'Part des propositions suivies que les agents ont changées', 'Lire les motifs de refus.')) AS v (metric, reason, value, label, help);
END
$$;

COMMENT ON FUNCTION inclusion.require_whole_run(bigint) IS 'Nuit entière : refuse de compter à qui n''en voit pas toutes les personnes.';
COMMENT ON FUNCTION inclusion.resolve_run(bigint) IS 'Nuit voulue : celle qui est nommée, ou la dernière publiée.';
COMMENT ON FUNCTION inclusion.allocation_cutoffs(bigint) IS 'Derniers rangs admis : par offre, et par public à qui elle réserve des places.';
COMMENT ON FUNCTION inclusion.compare_allocations(bigint, bigint) IS 'Comparaison de deux nuits : les personnes dont l''issue diffère, et dans quel sens.';
COMMENT ON FUNCTION inclusion.human_changes(bigint) IS 'Décisions humaines : propositions suivies par une personne, et celles qu''elle a changées.';
COMMENT ON FUNCTION inclusion.allocation_metrics(bigint) IS 'Mesures d''une nuit : issues par rang et par motif, part laissée à l''équité, réserves, listes épuisées.';
