// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// The role bit of an organisation that may record batches.
uint256 constant ROLE_RECORD = 1;

/// @title The organisations that may record, their keys and the blocks in which each key counts
/// @notice A registrar registers organisations and sets their roles. From then on an organisation rotates its own keys:
/// only a signature of one of its keys adds another, so the registrar can end a key but never slip one in.
///
/// A key is valid at block `b` if `added != 0 && added <= b && (revoked == 0 || b < revoked)`. A revocation in block
/// `n` sets `revoked` to `n + 1`: within block `n` the order of transactions does not matter, and what the ledger
/// accepted
/// and what the range says never differ. A revoked key never comes back.
///
/// A key belongs to an organisation only together with that organisation: the same address may serve another one.
/// Nobody gains by naming an address whose private key they lack, since every signature names the organisation it
/// speaks for.
/// Were an address bound to one organisation, anybody registered could block a key by claiming it first.
///
/// A signed addition or revocation holds until its nonce is spent by another or its signer is revoked.
///
/// An organisation whose last key is revoked has ended, for no path adds one: keep a second key offline.
interface IOrganisationRegistry {
    /// @notice An organisation exists from this block on; its first key follows in a {KeyAdded} of the same
    /// transaction.
    event OrganisationRegistered(bytes32 indexed organisation, string uri, uint256 roles);

    /// @notice The roles of an organisation from here on. Its registration is not repeated here.
    event RolesChanged(bytes32 indexed organisation, uint256 roles);

    /// @notice The key is valid from block `added`, which is the block of this event.
    event KeyAdded(bytes32 indexed organisation, address indexed key, uint64 added);

    /// @notice The key is valid no more from block `revoked`, which is the block after that of this event.
    event KeyRevoked(bytes32 indexed organisation, address indexed key, uint64 revoked);

    /// @notice The registry cannot be left without a registrar.
    error OrganisationRegistry_RenounceRefused(address registrar);

    /// @notice The URI is empty, so it names nobody.
    error OrganisationRegistry_EmptyUri();

    /// @notice The organisation of that URI is registered already.
    error OrganisationRegistry_AlreadyRegistered(bytes32 organisation);

    /// @notice No organisation of this id is registered.
    error OrganisationRegistry_NotRegistered(bytes32 organisation);

    /// @notice The zero address is nobody's key.
    error OrganisationRegistry_ZeroKey(bytes32 organisation);

    /// @notice The organisation has, or once had, this key.
    error OrganisationRegistry_KeyKnown(bytes32 organisation, address key, uint64 added, uint64 revoked);

    /// @notice The organisation has no such key, or it was revoked.
    error OrganisationRegistry_KeyNotActive(bytes32 organisation, address key, uint64 added, uint64 revoked);

    /// @notice The bytes are no signature of 65 bytes r, s, v with v of 27 or 28 and s in the lower half.
    error OrganisationRegistry_InvalidSignature(bytes32 organisation, bytes signature);

    /// @notice The caller is neither the registrar nor a key of the organisation.
    error OrganisationRegistry_MayNotRevoke(bytes32 organisation, address caller);

    /// @notice The blocks in which a key counts; both zero if the organisation never had it.
    /// @return added The first block in which it is valid.
    /// @return revoked The first block in which it is valid no more; zero if it was not revoked.
    function keyRange(bytes32 organisation, address key) external view returns (uint64 added, uint64 revoked);

    /// @notice The roles of an organisation as bits: bit 0 may record. Zero if it is not registered.
    function rolesOf(bytes32 organisation) external view returns (uint256);

    /// @notice Whether a header of this organisation signed by this key may be recorded in the present block.
    function mayRecord(bytes32 organisation, address key) external view returns (bool);

    /// @notice The nonce that the organisation's next signed key addition or revocation must carry.
    function nonces(bytes32 organisation) external view returns (uint256);

    /// @notice Registers an organisation with its first key.
    /// @dev Only the registrar may call. Reverts if the URI is empty or registered, or the key is zero.
    /// @param uri The URI that names the organisation, as its events write it.
    /// @param roles Its roles as bits. Bits without a meaning are kept for contracts to come.
    /// @return organisation keccak256 of the URI's bytes.
    function register(string calldata uri, address key, uint256 roles) external returns (bytes32 organisation);

    /// @notice Replaces the roles of an organisation. Without the role, nothing more is recorded; keys are untouched.
    /// @dev Only the registrar may call. Reverts if the organisation is not registered.
    function setRoles(bytes32 organisation, uint256 roles) external;

    /// @notice Adds a key to an organisation, by the word of another of its keys.
    /// @dev Anyone may carry the transaction. Reverts if the key is zero, or the organisation has or had it; if the
    /// signature is malformed; if its signer is not an unrevoked key of the organisation, which is also what a
    /// signature over another nonce, chain or contract looks like.
    /// @param signature Over EIP-712 `KeyAddition(bytes32 organisation,address key,uint256 nonce)`.
    function addKey(bytes32 organisation, address key, bytes calldata signature) external;

    /// @notice Revokes a key of an organisation.
    /// @dev Only the registrar or an unrevoked key of the organisation, that same key included, may call. Reverts if
    /// the key is not an unrevoked key of the organisation.
    function revokeKey(bytes32 organisation, address key) external;

    /// @notice Revokes a key of an organisation, by the word of one of its keys, that same key included.
    /// @dev Anyone may carry the transaction. Reverts if the key is not an unrevoked key of the organisation, or the
    /// signature fails as in {addKey}.
    /// @param signature Over EIP-712 `KeyRevocation(bytes32 organisation,address key,uint256 nonce)`.
    function revokeKey(bytes32 organisation, address key, bytes calldata signature) external;
}
