-- dataset: shop
-- code: operator_not_allowed
SELECT count(*) FROM shop WHERE city > 'a'
