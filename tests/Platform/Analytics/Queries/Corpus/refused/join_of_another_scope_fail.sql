-- dataset: shop, patients
-- code: join_not_allowed
-- fragment: shop a JOIN patients
SELECT count(*) FROM shop a JOIN patients b USING ("user")
