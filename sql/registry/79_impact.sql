/*
 * 79_impact: who reads and writes what measures are made of.  States and
 * the measures of people are the owner's: of few people a state says too much.
 */

CALL inclusion.track_facts('inclusion_data.file_merge');
CALL inclusion.track_facts('inclusion_data.restriction');
CALL inclusion.track_facts('inclusion_data.purpose_objection');

GRANT SELECT, INSERT (perimeter, beneficiary, procedure, settled_on, structure, agent) ON inclusion_data.settled_right
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator;
GRANT SELECT ON inclusion_data.settled_right, inclusion_data.cube_person, inclusion_data.cube_change TO inclusion_dpo;
GRANT SELECT ON inclusion_data.indicator, inclusion_data.need_estimate, inclusion_data.offer_funding,
  inclusion_data.cube_refresh
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward, inclusion_import, inclusion_night, inclusion_dpo;
GRANT INSERT, UPDATE ON inclusion_data.need_estimate, inclusion_data.offer_funding TO inclusion_steward;
GRANT UPDATE (norm_mean, norm_sd, reliability, norm_source) ON inclusion_data.instrument TO inclusion_steward;
GRANT SELECT ON inclusion_data.cube TO inclusion_night;
