-- dataset: shop
-- code: join_not_supported
SELECT count(*) FROM shop NATURAL JOIN shop b
