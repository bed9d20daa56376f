-- States of aggregates: text and binary forms, order, what is refused; and the
-- refusals of every estimator.
SET search_path = public, inclusion;
\pset null '(null)'
\pset format unaligned
\pset tuples_only on

-- Text forms: what a few rows leave
SELECT gain(a, b) FROM (VALUES (1, 2), (3, 5), (NULL, 4), (2, NULL), (NULL, NULL)) AS v (a, b);
SELECT gain(a / 8.0::float8, b / 8.0::float8) FROM (VALUES (1, 2), (3, 5), (NULL, 4), (2, NULL)) AS v (a, b);
SELECT proportion(a > 1), waiting(a, b), xprod(a, ARRAY[b, a * a]), dist(a), dist(a, b), conc(a, b), conc(a, b, a)
FROM (VALUES (1, 2), (3, 5), (3, 1), (2, 2)) AS v (a, b);
SELECT ratio(a, b), ratio(a / 4.0::float8, b), smr(a, b), o_minus_e(a, b), eb_normal(a, b), eb_beta(a, a + b)
FROM (VALUES (1, 2), (3, 5), (3, 1), (2, 2)) AS v (a, b);

-- Spaces, order and another writing of numbers come to the same bytes
SELECT ' dist { rows = 1:2,3.50:1e0 } '::dist_state = 'dist{rows=1:2,3.5:1}',
       'dist{rows=-0:1}'::dist_state = 'dist{rows=0:1}',
       'proportion{x=1;n_missing=0;n=2}'::proportion_state = 'proportion{n=2;x=1;n_missing=0}',
       'dist{}'::dist_state < 'dist{rows=1:1}', 'dist{}'::dist_state <> 'dist{rows=1:1}';
SELECT count(*), count(DISTINCT d) FROM (VALUES ('dist{}'::dist_state), ('dist{rows=1:1}'), ('dist{rows=1:1.0}')) AS v (d);
SELECT d, count(*) FROM (VALUES ('dist{}'::dist_state), ('dist{rows=1:1}'), ('dist{rows=1:1.0}')) AS v (d) GROUP BY d ORDER BY d;
SELECT encode(proportion_state_send('proportion{n=2;x=1;n_missing=3}'), 'hex');
SELECT encode(gain_state_send('gain{n=1;n_pre_only=0;n_post_only=0;n_up=0;n_down=1;sum_pre=2;sum_post=-1;sum_pre_only=0;squares_pre=4;squares_post=1;products=-2}'), 'hex');

-- Sums
SELECT 'proportion{n=2;x=1;n_missing=0}'::proportion_state + 'proportion{n=3;x=3;n_missing=1}';
SELECT 'waiting{rows=9:1:1}'::waiting_state + 'waiting{rows=5:0:2,9:1:3}';
SELECT merge(s), sum(1) FROM (VALUES ('dist{rows=2:1}'::dist_state), (NULL), ('dist{rows=1:1,2:0.5}')) AS v (s);
SELECT merge(s) FROM (SELECT NULL::xprod_state WHERE false) AS v (s);

-- Largest sums stay exact
SELECT gain(a, b) FROM (VALUES (9223372036854775807 / 8, -9223372036854775807 / 8), (-9223372036854775807 / 8, 9223372036854775807 / 8)) AS v (a, b);
SELECT mean, sd FROM gain_summary((SELECT gain(0, 1000000000000 + i) FROM generate_series(1, 9) AS i));

-- Everything below is refused
\set VERBOSITY verbose
\set SHOW_CONTEXT never
CREATE FUNCTION pg_temp.refused(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  message text;
  hint text;
BEGIN
  EXECUTE statement;
  RETURN format('ACCEPTED: %s', statement);
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
  RETURN format('%s %s%s', SQLSTATE, message, E'\n      ' || nullif(hint, ''));
END
$$;

-- States that cannot be read
SELECT pg_temp.refused(format('SELECT %L::%s', v.state, v.type)) FROM (VALUES
  (1, 'gain_state', ''), (2, 'gain_state', 'gain'), (3, 'gain_state', 'gain{}'), (4, 'gain_state', 'dist{rows=1:1}'),
  (5, 'dist_state', 'gain{n=1}'), (6, 'dist_state', 'dist{rows=1}'), (7, 'dist_state', 'dist{rows=1:2:3}'),
  (8, 'dist_state', 'dist{rows=1:1,1:2}'), (9, 'dist_state', 'dist{rows=2:1,1:1}'), (10, 'dist_state', 'dist{rows=NaN:1}'),
  (11, 'dist_state', 'dist{rows=-1:1}'), (12, 'dist_state', 'dist{rows=1:0}'), (13, 'dist_state', 'dist{rows=1:1e999}'),
  (14, 'dist_state', 'dist{rows=}'), (15, 'dist_state', 'dist{rows=1:1,}'), (16, 'dist_state', 'dist{row=1:1}'),
  (17, 'proportion_state', 'proportion{n=1;x=2;n_missing=0}'), (18, 'proportion_state', 'proportion{n=-1;x=-1;n_missing=0}'),
  (19, 'proportion_state', 'proportion{n=1;x=1}'), (20, 'proportion_state', 'proportion{n=1.5;x=1;n_missing=0}'),
  (21, 'proportion_state', 'proportion{n=9223372036854775808;x=1;n_missing=0}'),
  (22, 'proportion_state', 'proportion{n=1;x=1;n_missing=0} more'),
  (23, 'waiting_state', 'waiting{rows=-1:0:1}'), (24, 'waiting_state', 'waiting{rows=1:40000:1}'), (25, 'waiting_state', 'waiting{rows=1:1:0}'),
  (26, 'gain_state', 'gain{n=1;n_pre_only=0;n_post_only=0;n_up=1;n_down=1;sum_pre=1;sum_post=1;sum_pre_only=0;squares_pre=1;squares_post=1;products=1}'),
  (27, 'gain_state', 'gain{n=1;n_pre_only=0;n_post_only=0;n_up=0;n_down=0;sum_pre=9;sum_post=1;sum_pre_only=0;squares_pre=1;squares_post=1;products=1}'),
  (28, 'gain_state', 'gain_float{n=1;n_pre_only=0;n_post_only=0;n_up=0;n_down=0;origin_pre=0;sum_pre=0;sum_pre_low=0;squares_pre=-1;squares_pre_low=0;origin_post=0;sum_post=0;sum_post_low=0;squares_post=0;squares_post_low=0;products=0;products_low=0;sum_pre_only=0;sum_pre_only_low=0}'),
  (29, 'xprod_state', 'xprod{n=1;variables=2;rows=1,2,3}'), (30, 'xprod_state', 'xprod{n=1;variables=99;rows=1}'),
  (31, 'xprod_state', 'xprod{n=2;variables=2;rows=1,2,0,0,0,0,-1,0,0,0,1,0}'), (32, 'ratio_state', 'ratio{n=0;sum_num=0;sum_den=0;squares_num=0;squares_den=0;products=0}'),
  (33, 'smr_state', 'smr{n=1;observed=1;observed_low=0;expected=1;expected_low=0;origin_difference=0;sum_difference=0;sum_difference_low=0;squares_difference=-1;squares_difference_low=0}'),
  (34, 'ebn_state', 'ebn{rows=1:0:1}'), (35, 'ebb_state', 'ebb{rows=2:1:1}'), (36, 'ebb_state', 'ebb{rows=1:1:0}'),
  (37, 'conc_state', 'conc{rows=1:-1:1}'), (38, 'ckm_state', 'ckm{n=1;keys=4294967296}'), (39, 'ckm_state', 'ckm{n=0;keys=5}'),
  (40, 'ckm_state', 'ckm{n=9223372036854775807;keys=1}'), (41, 'ckm_state', 'proportion{n=2;x=1;n_missing=0}')) AS v (i, type, state) ORDER BY i;

-- Measures that are none
SELECT pg_temp.refused('SELECT ' || v.call) FROM (VALUES
  (1, 'gain(''NaN''::float8, 1)'), (2, 'gain(1, ''Infinity''::float8)'), (3, 'waiting(-1, 1)'), (4, 'waiting(1, -1)'),
  (5, 'waiting(1, 40000)'), (6, 'xprod(1, ARRAY[''NaN''::float8])'), (7, 'xprod(''NaN'', ARRAY[1.0])'), (8, 'xprod(1, ''{}'')'),
  (9, 'xprod(1, array_fill(1.0::float8, ARRAY[33]))'), (10, 'xprod(1, ''{{1,2},{3,4}}'')'), (11, 'dist(-1)'), (12, 'dist(''NaN'')'),
  (13, 'dist(1, 0)'), (14, 'dist(1, -1)'), (15, 'conc(''NaN'', 1)'), (16, 'conc(1, ''Infinity'')'), (17, 'conc(1, 1, 0)'),
  (18, 'ratio(''NaN''::float8, 1)'), (19, 'smr(-1, 1)'), (20, 'smr(1, ''NaN'')'), (21, 'o_minus_e(1, ''NaN'')'),
  (22, 'eb_normal(1, 0)'), (23, 'eb_normal(''NaN'', 1)'), (24, 'eb_beta(2, 1)'), (25, 'eb_beta(-1, 1)'),
  (26, 'wilson(2, 1)'), (27, 'jeffreys(-1, 1)'), (28, 'clopper_pearson(0, -1)'), (29, 'wilson(1, 2, 1)'), (30, 'wilson(1, 2, ''NaN'')'),
  (31, 'mcnemar(2, 2, 3)'), (32, 'mcnemar(-1, 2, 3)'), (33, 'gain_summary((SELECT gain(1, 2)), 0)'),
  (34, 'km(''waiting{}'', 0.95, ''arcsin'')'), (35, 'cuminc(''waiting{}'', 0)'), (36, 'km_quantile(''waiting{}'', 2)'), (37, 'km_rmst(''waiting{}'', 0)'),
  (38, 'funnel_prop(2, 1, 0.5)'), (39, 'funnel_prop(0.5, -1, 0.5)'), (40, 'inclusion.funnel_ratio(-1, 0.5)'), (41, 'funnel_od(''{1,NULL}'')'),
  (66, 'funnel_prop(0.5, 10, 0.5, -1)'), (67, 'inclusion.funnel_ratio(3, 0.5, ''NaN'')'), (68, 'ckm(-1)'), (69, 'ckm(4294967296)'),
  (42, 'funnel_od(''{1,2}'', ''{1}'')'), (43, 'funnel_od(''{1}'', ''{0}'')'), (44, 'atkinson(''dist{}'', -1)'), (45, 'erreygers(''conc{rows=1:1:1}'', 1, 0)'),
  (46, 'wagstaff(''conc{rows=1:1:9}'', 0, 1)'), (47, 'eb_prior(''ebn{}''::ebn_state, ''mle'')'), (48, 'eb_prior(''ebb{}''::ebb_state, ''pooled'')'),
  (49, 'eb_shrink(ROW(0, 1, 1, 0, 2), 1, 0)'), (50, 'eb_rate(ROW(-1, 1, 0, ''mle''), 1, 2)'), (51, 'eb_rate(ROW(1, 1, 0, ''mle''), 3, 2)'),
  (52, 'eb_above(ROW(1, 1, 0, ''mle'')::ebb_prior, 1, 2, 2)'), (53, 'james_stein(''{0.5,1.5}'', 10)'), (54, 'reliable_change(1, 2, 0, 0.8)'),
  (55, 'reliable_change(1, 2, 7.5, 1.5)'), (56, 'expected(ROW(9, 1, ''{1,2}'', 1, 1, ''{}'', ''full''), ''{1}'')'),
  (57, 'fca_weight(-1, ''step'')'), (58, 'fca_weight(''NaN'', ''step'')'), (59, 'fca_weight(1, ''stairs'')'), (60, 'fca_weight(1, ''step:'')'),
  (61, 'fca_weight(1, ''step:-3'')'), (62, 'fca_weight(1, ''apl:20'')'), (63, 'fca_weight(1, ''bands:10=1,5=0.5'')'), (64, 'fca_weight(1, ''bands:10=0.5,20=1'')'),
  (65, 'fca_weight(1, ''bands:10'')')) AS v (i, call) ORDER BY i;

-- Sums that are none
SELECT pg_temp.refused('SELECT ' || v.call) FROM (VALUES
  (1, '(SELECT gain(1, 2)) + (SELECT gain(1.5::float8, 2))'), (2, '(SELECT ratio(1, 2)) + (SELECT ratio(1.5::float8, 2))'),
  (3, '(SELECT xprod(1, ARRAY[2])) + (SELECT xprod(1, ARRAY[2, 3]))'),
  (4, 'xprod(a, x) FROM (VALUES (1, ARRAY[1.0::float8]), (2, ARRAY[1, 2])) AS v (a, x)'),
  (5, 'gain(9223372036854775807, a) FROM generate_series(1, 2) AS a'), (6, 'ratio(9223372036854775807, a) FROM generate_series(1, 2) AS a'),
  (7, '''proportion{n=9223372036854775807;x=0;n_missing=0}''::proportion_state + ''proportion{n=1;x=0;n_missing=0}'''),
  (8, '''waiting{rows=1:1:9223372036854775807}''::waiting_state + ''waiting{rows=1:1:1}'''),
  (9, '''dist{rows=1:1e308}''::dist_state + ''dist{rows=1:1e308}'''),
  (10, 'gain(a, a) FROM (VALUES (1e308), (-1e308::float8)) AS v (a)'),
  (11, 'dist(i) FROM generate_series(1, 1100000) AS i'), (12, '''ckm{n=9223372036854775800;keys=1}''::ckm_state + ''ckm{n=9;keys=1}''')) AS v (i, call) ORDER BY i;

-- Access: relations that count twice, or that count nothing
CREATE TEMP TABLE demand AS SELECT 'z' AS zone, 10 AS population;
CREATE TEMP TABLE places AS SELECT 's' AS site, 1 AS seats;
CREATE TEMP TABLE cost AS SELECT 'z' AS zone, 's' AS site, 12.0 AS minutes;
SELECT * FROM fca_access('demand', 'places', 'cost', 'bands');
INSERT INTO cost VALUES ('z', 's', 5);
SELECT pg_temp.refused($$SELECT fca_access('demand', 'places', 'cost', 'step')$$);
TRUNCATE cost;
SELECT * FROM fca_access('demand', 'places', 'cost', 'step');
INSERT INTO places VALUES ('t', -1);
SELECT pg_temp.refused($$SELECT fca_access('demand', 'places', 'cost', 'step')$$);

-- Bytes: a state of another version, of another aggregate, cut short.  Written
-- to a file of the server and copied back in binary.
CREATE FUNCTION pg_temp.received(type text, bytes bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  path text := current_setting('data_directory') || '/inclusion_impact.bin';
  said text;
  copied oid := lo_from_bytea(0, '\x5047434f50590aff0d0a00' || int4send(0) || int4send(0) || int2send(1::int2) || int4send(length(bytes)) || bytes || '\xffff');
BEGIN
  PERFORM lo_export(copied, path), lo_unlink(copied);
  EXECUTE format('CREATE TEMP TABLE received (state inclusion.%s)', type);
  said := replace(pg_temp.refused(format('COPY received FROM %L (FORMAT binary)', path)), path, '…');
  DROP TABLE received;
  RETURN said;
END
$$;
SELECT pg_temp.received('proportion_state', overlay(proportion_state_send('proportion{n=2;x=1;n_missing=3}') PLACING '\x02' FROM 1));
SELECT pg_temp.received('proportion_state', smr_state_send('smr{n=1;observed=1;observed_low=0;expected=1;expected_low=0;origin_difference=0;sum_difference=0;sum_difference_low=0;squares_difference=0;squares_difference_low=0}'));
SELECT pg_temp.received('proportion_state', substring(proportion_state_send('proportion{n=2;x=1;n_missing=3}') FROM 1 FOR 20));
SELECT pg_temp.received('proportion_state', '\x01');
SELECT pg_temp.received('dist_state', '\x0106ffffffff');
SELECT pg_temp.received('proportion_state', proportion_state_send('proportion{n=2;x=1;n_missing=3}'));

-- Of every type: another version, the bytes of each other type, every length
-- shorter, and a byte too many; never read, and always with the same advice
CREATE TEMP TABLE sent (type text, bytes bytea);
INSERT INTO sent VALUES
  ('gain_state', gain_state_send((SELECT gain(a, a + 1) FROM generate_series(1, 3) a))), ('proportion_state', proportion_state_send((SELECT proportion(a > 1) FROM generate_series(1, 3) a))),
  ('waiting_state', waiting_state_send((SELECT waiting(a, 1) FROM generate_series(1, 3) a))), ('xprod_state', xprod_state_send((SELECT xprod(a, ARRAY[a * a]) FROM generate_series(1, 3) a))),
  ('dist_state', dist_state_send((SELECT dist(a) FROM generate_series(1, 3) a))), ('conc_state', conc_state_send((SELECT conc(a, a) FROM generate_series(1, 3) a))),
  ('ratio_state', ratio_state_send((SELECT ratio(a, 2) FROM generate_series(1, 3) a))), ('smr_state', smr_state_send((SELECT smr(a, 2) FROM generate_series(1, 3) a))),
  ('ebn_state', ebn_state_send((SELECT eb_normal(a, 2) FROM generate_series(1, 3) a))), ('ebb_state', ebb_state_send((SELECT eb_beta(a, 5) FROM generate_series(1, 3) a))),
  ('ckm_state', ckm_state_send((SELECT ckm(a) FROM generate_series(1, 3) a)));
CREATE FUNCTION pg_temp.states_of(type text, bytes bytea[]) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(DISTINCT left(pg_temp.received(type, b), 5), ',') || ' ' || count(*) FROM unnest(bytes) b
$$;
SELECT s.type, pg_temp.states_of(s.type, ARRAY[overlay(s.bytes PLACING '\x02' FROM 1), overlay(s.bytes PLACING '\x00' FROM 1), overlay(s.bytes PLACING '\xff' FROM 1)]) AS version,
  pg_temp.states_of(s.type, (SELECT array_agg(o.bytes ORDER BY o.type) FROM sent o WHERE o.type <> s.type)) AS other,
  pg_temp.states_of(s.type, (SELECT array_agg(substring(s.bytes FROM 1 FOR n) ORDER BY n) FROM generate_series(0, length(s.bytes) - 1) n)) AS cut,
  pg_temp.states_of(s.type, ARRAY[s.bytes || '\x00'::bytea]) AS longer
FROM sent s ORDER BY s.type;
