-- dataset: shop
-- code: join_not_on_subject
SELECT count(*) FROM shop a JOIN visits b ON true
