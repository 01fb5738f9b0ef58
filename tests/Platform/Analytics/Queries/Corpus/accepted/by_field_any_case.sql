-- dataset: shop
select Action, COUNT(*) from Shop group by ACTION
