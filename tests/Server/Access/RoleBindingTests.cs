using Opaline.Access;

namespace Opaline.Server.Tests.Access;

public class RoleBindingTests
{
    [Theory]
    [InlineData("admin", Role.Admin)]
    [InlineData("analyst", Role.Analyst)]
    [InlineData("viewer", Role.Viewer)]
    [InlineData("auditor", Role.Auditor)]
    [InlineData("ingest", Role.Ingest)]
    public void Name_of_a_role_is_read_and_written_alike(string name, Role role)
    {
        Assert.Equal(role, RoleBinding.Parse(name));
        Assert.Equal(name, RoleBinding.NameOf(role));
    }

    [Theory]
    [InlineData("Admin")]
    [InlineData("0")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("admin ")]
    public void Anything_else_is_no_role(string? name) => Assert.Null(RoleBinding.Parse(name));

    [Fact]
    public void Two_roles_are_no_role_so_that_Ingest_is_never_held_with_Analyst()
    {
        Assert.Null(RoleBinding.Resolve(["ingest", "analyst"]));
        Assert.Null(RoleBinding.Resolve(["analyst", "unknown"]));
        Assert.Null(RoleBinding.Resolve([]));
        Assert.Equal(Role.Analyst, RoleBinding.Resolve(["analyst", "analyst"]));
    }

    [Fact]
    public void No_role_but_Admin_both_sends_events_and_sees_answers()
    {
        foreach (Role role in Enum.GetValues<Role>().Where(r => r != Role.Admin && RolePermissions.Has(r, Permission.SendEvents)))
        {
            Assert.False(RolePermissions.Has(role, Permission.Query));
            Assert.False(RolePermissions.Has(role, Permission.ReadReleases));
        }
    }

    [Fact]
    public void Unknown_role_has_no_permission() =>
        Assert.DoesNotContain(Enum.GetValues<Permission>(), p => RolePermissions.Has((Role)99, p));
}
