-- dataset: shop
SELECT count(*) FROM shop a LEFT OUTER JOIN visits b ON a."user" = b."user" WHERE b.action IS NULL
