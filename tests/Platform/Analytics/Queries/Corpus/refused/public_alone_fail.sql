-- dataset: cities
-- code: join_not_allowed
SELECT count(*) FROM cities
