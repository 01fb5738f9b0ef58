-- dataset: shop
-- code: join_not_on_subject
SELECT count(*) FROM shop a LEFT JOIN shop b ON a.city = b.city
