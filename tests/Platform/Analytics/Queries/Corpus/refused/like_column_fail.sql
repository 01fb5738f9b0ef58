-- dataset: shop
-- code: like_pattern
SELECT count(*) FROM shop WHERE city LIKE action
